"""Candidate version: a retrained network in a whole tree of models, scored anew.

Whatever rests on the network's weights is made again in the tree: the file of its
runtime, its scores on CIFAKE and on the generators, the ensembles that it is in, the
domain and the thresholds of the verdicts. What takes longer than the training (trust,
embedding map, scores on corrupted pictures, scope) is left out, as for any new weights.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from cifake_core.basics.arrays import Floats
from cifake_core.basics.errors import NotMadeError
from cifake_core.data import cifake
from cifake_core.data.datasets.records import DataSetPictures
from cifake_core.evaluation import generator_scores, scores
from cifake_core.evaluation.fakes import (
    generator_to_json,
    report_fakes,
)
from cifake_core.evaluation.generator_scores import HELD_OUT
from cifake_core.evaluation.stacking import refit_ensembles
from cifake_core.generators import collection, service
from cifake_core.networks import store
from cifake_core.networks.pool import NetworkPool
from cifake_core.networks.protocols import Scorer
from cifake_core.training import run_folder
from cifake_core.verdicts import card as policy_card
from cifake_core.verdicts import mahalanobis
from cifake_core.verdicts.generator_fakes import held_out
from cifake_core.verdicts.threshold_choice import PolicyConfig
from cifake_core.verdicts.threshold_study import study

_REAL: Final = 1

#: Loads the networks of a folder.
OpenPool = Callable[[Path], NetworkPool]
#: Told the share done and what is being done.
Tell = Callable[[float, str], None]


def complete(  # noqa: PLR0913 - what, from where, how: most by keyword
    tree: Path,
    run: Path,
    *,
    data: Path,
    policy: PolicyConfig,
    open_pool: OpenPool = NetworkPool,
    tell: Tell,
) -> None:
    """Put the finished network of a run into a tree, and make what rests on it.

    Args:
        tree: a copy of the models in use; changed.
        run: of the retraining, finished.
        data: zip or folder of CIFAKE; the test part is scored, nothing is chosen on it.
        policy: how much is asked of the verdicts.
        open_pool: loads the networks of a folder.
        tell: told the share done, 0 to 1, and what is done.

    Raises:
        CifakeError: As `run_folder.promote`, `cifake.load` and the study of thresholds
            do; then the tree is of no use.
    """
    name = store.load_card(run).name
    before = _generators_scored(name, tree)
    tell(0.0, "Converting the network.")
    run_folder.promote(run, tree)
    train, test = (cifake.load(data, part) for part in ("train", "test"))
    network = open_pool(tree).network(name)
    tested = scores.score(
        network, test, train, progress=_telling(tell, 0.05, 0.3, "Scoring CIFAKE.")
    )
    digest = cifake.digest(train, test)
    scores.keep(tested, tree / name, data_digest=digest)
    refit_ensembles(name, tree)
    if before:
        words = "Scoring the pictures of the generators."
        _score_generators(
            network, before, tree, data, progress=_telling(tell, 0.3, 0.45, words)
        )
    words = "Choosing when verdicts abstain."
    card, known = study(
        open_pool(tree),
        train,
        test,
        fakes=partial(held_out, models=tree, data=data),
        config=policy,
        progress=_telling(tell, 0.45, 1, words),
    )
    mahalanobis.write(known, tree)
    policy_card.write(card, tree)


def validation_metrics(
    network: str,
    validation: Sequence[DataSetPictures],
    *,
    models: Path,
    open_pool: OpenPool = NetworkPool,
) -> dict[str, Any]:  # of JSON values
    """Metrics of a network on what is held out for choosing.

    Returns:
        `accuracy` on CIFAKE's validation pictures; `sets`, by name: `recall` and `auc`
        of each generator where 2 % of CIFAKE's photographs are flagged, as
        `evaluate --fakes` has them, and `real_called_fake` of the set's own ones.
    """
    stored = scores.read(network, models, store.VALIDATION_FILE)
    real = stored.logits[stored.labels == _REAL]
    scorer = open_pool(models).network(network)
    return {
        "accuracy": float(stored.right.mean()),
        "n": len(stored.labels),
        "sets": {each.name: _on_set(scorer, each, real) for each in validation},
    }


def _on_set(scorer: Scorer, held: DataSetPictures, real: Floats) -> dict[str, Any]:
    """Metrics on the validation part of a set, against CIFAKE's photographs."""
    logits = scorer.logits(held.images)
    report = report_fakes(
        real,
        {
            str(name): logits[held.generators == name]
            for name in np.unique(held.generators)
            if name
        },
    )
    own = logits[held.labels == _REAL]
    return {
        "generators": {
            name: generator_to_json(row) for name, row in report.generators.items()
        },
        "real_called_fake": float(np.mean(own < 0)) if own.size else None,
    }


def _generators_scored(network: str, models: Path) -> dict[str, int]:
    """Generators on which a network has stored scores, and on how many pictures."""
    try:
        found = generator_scores.read(network, models)
    except NotMadeError:
        return {}
    return {name: len(logits) for name, logits in found.validation.items()}


def _score_generators(
    network: Scorer,
    wanted: Mapping[str, int],
    tree: Path,
    data: Path,
    *,
    progress: Callable[[float], None],
) -> None:
    """Score the same pictures of the generators as before, and keep the scores."""
    validation, test = (
        {
            name: collection.pictures(
                name, part, n=n, data=data, models=tree / service.FOLDER
            )
            for name, n in wanted.items()
        }
        for part in HELD_OUT
    )
    found = generator_scores.score(
        network, validation=validation, test=test, progress=progress
    )
    generator_scores.write(found, tree / network.name)


def _telling(
    tell: Tell, start: float, end: float, words: str
) -> Callable[[float], None]:
    """Callback for a part of the work that has words of its own."""
    return lambda share: tell(start + share * (end - start), words)
