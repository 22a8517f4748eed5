"""Candidates made by hand: trees of models that pass the gate, or fail one check.

The version in use calls every picture REAL, so it finds no fakes of the data set
"mine"; the candidate goes by colour and finds all. Of CIFAKE both are stored as right.
"""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from cifake_core.data import cifake
from cifake_core.data.datasets import library
from cifake_core.evaluation import generator_scores, scores, stacking
from cifake_core.evaluation.generator_scores import GeneratorScores
from cifake_core.networks import NETWORKS, store
from cifake_core.retraining.gate_measures import Meters
from cifake_core.verdicts import mahalanobis
from cifake_core.verdicts.mahalanobis import Domain
from cifake_core.versions.records import Version
from cifake_core.versions.registry import VersionRegistry
from tests import made_networks, made_records, made_scopes
from tests.cards import network_card
from tests.made_data import picture
from tests.made_versions import pass_gate
from tests.models import write_domain, write_policy

#: Costs that are alike, so that no test hangs on how busy the machine is.
METERS: Final = Meters(
    milliseconds=lambda _old, _new, _images: (10.0, 10.0),
    memory=lambda _folder: 50.0,
    strangers=lambda: np.stack([picture("REAL", number) for number in range(40)]),
)
#: The generator of our own that both have learnt.
GENERATOR: Final = "flow"
_SURE: Final = 9.0

#: Changes the stored logits of (N,) labels.
Logits = Callable[[np.ndarray], np.ndarray]


def right(labels: np.ndarray) -> np.ndarray:
    """Logits of a network that is surely right."""
    return np.where(labels == 1, _SURE, -_SURE).astype(np.float32)


def network(*, gain: float, bias: float) -> Any:
    """A network that goes by how green a picture is, beyond a bias."""
    model = made_networks.make_cnn()
    head = model.get_layer("logit")
    head.kernel.assign(head.kernel * gain)
    head.bias.assign([bias])
    return model


def put(  # noqa: PLR0913 - what is stored of a network: all by keyword
    models: Path,
    data: Path,
    *,
    name: str,
    model: Any,
    config: dict[str, Any],
    logits: Logits = right,
    fakes: float = -_SURE,
) -> None:
    """Put a network in a folder of models, with all that rests on its weights."""
    folder = models / name
    for path in folder.iterdir():
        path.unlink()  # a link to another version's file
    sha256 = store.save_model(model, folder)
    test, train = (cifake.load(data, part) for part in ("test", "train"))
    clean = made_records.scores(name, sha256, test, train, {})
    clean = replace(clean, logits=logits(clean.labels))
    scores.write(clean, folder)
    held_out = made_records.validation_scores(clean)
    scores.write(held_out, folder, store.VALIDATION_FILE)
    said = {GENERATOR: np.full(20, fakes, np.float32)}
    generator_scores.write(
        GeneratorScores(
            network=name,
            model_sha256=sha256,
            pictures_sha256="e5",
            validation=said,
            test=said,
        ),
        folder,
    )
    card = network_card(
        name, sha256, config=config, validation=clean.report(leak_free=False)
    )
    store.write_card(folder, card)
    stacking.refit_ensembles(name, models)
    put_verdicts(models)


def put_verdicts(models: Path) -> None:
    """Write policy and domain for the weights in `models`."""
    write_policy(models)
    members = [name for name in store.available(models) if not NETWORKS[name].members]
    hashes = {name: store.revision(name, models) for name in members}
    domain = Domain(
        means={name: np.zeros(3, np.float32) for name in members},
        spreads={name: np.eye(3, dtype=np.float32) for name in members},
        model_sha256=hashes,
    )
    mahalanobis.write(domain, models)


def shipped_models(made_models: Path, data: Path, models: Path) -> Path:
    """Networks of which the multi-generator CNN calls all REAL; return the folder."""
    shutil.copytree(made_models, models)
    for name in ("cnn", "cnn_multi"):
        put(
            models,
            data,
            name=name,
            model=network(gain=1, bias=20),
            config={"generators": [GENERATOR]},
        )
    return models


def teach(  # noqa: PLR0913 - what differs of a candidate: all by keyword
    registry: VersionRegistry,
    datasets: Path,
    data: Path,
    *,
    network_name: str = "cnn_multi",
    gain: float = 100,
    bias: float = 0,
    datasets_taught: tuple[str, ...] = ("mine",),
    logits: Logits = right,
    fakes: float = -_SURE,
    change: Callable[[Path], object] = lambda _tree: None,
) -> Version:
    """Add a candidate that goes by colour; `change` changes its tree at the end."""
    cards = [library.card(name, datasets) for name in datasets_taught]
    parent = registry.in_use()
    before = store.load_card(registry.models() / network_name)
    taught = {
        card.name: {"digest": card.digest, "generators": list(card.generators)}
        for card in cards
    }
    config = {
        "generators": [GENERATOR],
        "new": list(datasets_taught),
        "datasets": {**before.config.get("datasets", {}), **taught},
    }
    with registry.tree(parent.number) as tree:
        put(
            tree,
            data,
            name=network_name,
            model=network(gain=gain, bias=bias),
            config=config,
            logits=logits,
            fakes=fakes,
        )
        change(tree)
        return registry.add(
            tree,
            network=network_name,
            parent=parent.number,
            recipe=config,
            datasets={card.name: card.digest for card in cards},
            metrics={},
            who="ann",
            why="a new generator",
        )


def with_blind_version(models: Path, data: Path, user_data: Path) -> VersionRegistry:
    """Registry with a version 2, past its gate, whose 2D-CNN calls everything FAKE."""
    registry = VersionRegistry(user_data, models)
    with registry.tree(1) as tree:
        put(tree, data, name="cnn", model=network(gain=1, bias=-20), config={})
        write_domain(tree, cifake.load(data, "train"))
        made_scopes.write_scope(tree)
        added = registry.add(
            tree,
            network="cnn",
            parent=1,
            recipe={},
            datasets={},
            metrics={},
            who="ann",
            why="a new generator",
        )
    pass_gate(registry, added.number)
    return registry
