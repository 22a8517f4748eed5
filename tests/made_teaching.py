"""Teachings of seconds: networks made by hand, a tiny data set, a short recipe."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Final

from cifake_core.data import cifake
from cifake_core.data.datasets import library
from cifake_core.data.datasets.library import FOLDER
from cifake_core.evaluation import scores, stacking
from cifake_core.networks import NETWORKS, OWN, store
from cifake_core.networks.pool import NetworkPool
from cifake_core.retraining.recipe import RetrainConfig
from cifake_core.verdicts.threshold_choice import PolicyConfig
from tests.made_datasets import write_set
from tests.models import write_policy

#: Two epochs of two small batches.
CONFIG: Final = RetrainConfig(
    epochs=2, num_batches=2, batch_size=12, num_elsewhere=0, average_every=1
)
POLICY: Final = PolicyConfig(num_forms=4, num_clear=3)

_COLUMNS: Final = ("images", "labels", "object_classes", "hashes", "members")


def trained_models(made_models: Path, data: Path, models: Path) -> Path:
    """Networks made by hand, with the scores that a training leaves; their folder.

    They have none on generators' pictures, which nobody could draw.
    """
    shutil.copytree(made_models, models)
    train = cifake.load(data, "train")
    _, held_out = cifake.split_training(train, seed=0)
    held = {name: getattr(train, name)[held_out] for name in _COLUMNS}
    validation = replace(train, **held)
    pool = NetworkPool(models)
    for name in (each for each in OWN if not NETWORKS[each].members):
        found = scores.score(pool.network(name), validation, train)
        scores.write(found, models / name, store.VALIDATION_FILE)
        (models / name / store.GENERATORS_FILE).unlink()
    stacking.fit_ensemble("ensemble", models)
    write_policy(models)
    return models


def add_mine(user_data: Path, data: Path, source: Path) -> None:
    """Add the data set "mine" with fakes by two generators."""
    pictures = write_set(source, generators=("dalle", "flux"))
    library.add("mine", pictures, root=user_data / FOLDER, cifake=data)
