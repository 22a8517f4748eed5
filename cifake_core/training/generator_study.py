"""Leave-one-out study over generators: short networks that never met a family.

Each learns from CIFAKE and the fakes of all families but one, by the same loop and the
same kind of recipe as the networks in use, and is tested on what was held out.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats
from cifake_core.basics.labels import LABELS
from cifake_core.basics.places import cache_folder
from cifake_core.evaluation import scores
from cifake_core.evaluation.fakes import FLAGGED, report_fakes
from cifake_core.evaluation.leave_one_out import StudyCard, StudyCell, StudyRow
from cifake_core.generators.catalogue import GENERATORS, Family
from cifake_core.generators.differentiation import forward
from cifake_core.networks import NETWORKS, NetworkSpec, store
from cifake_core.networks.inputs import network_input
from cifake_core.training import run_folder
from cifake_core.training.loop import ReportProgress
from cifake_core.training.recipes import TrainConfig, numbers
from cifake_core.training.replay import Fakes
from cifake_core.training.train import train

_REAL: Final = LABELS.index("REAL")
_BATCH: Final = 250

#: Gives each row, named by the family it leaves out, a place to tell its progress.
RowProgress: TypeAlias = Callable[[Family], ReportProgress]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Study:
    """What a study is made of.

    `config` is the recipe, whose `generators` each row replaces. `fakes` draws the
    pictures of the generators, whose weights `generator_sha256` names; `num_tested` of
    each are tested. `cifake_generator` is the name of what made CIFAKE's own fakes,
    from which every row learns.
    """

    network: str
    config: TrainConfig
    data: Path
    fakes: Fakes
    generator_sha256: Mapping[str, str]
    cifake_generator: str
    num_tested: int = 1000
    networks: Mapping[str, NetworkSpec] | None = None


def families() -> tuple[Family, ...]:
    """Every family of generators, in the order of the catalogue."""
    return tuple(dict.fromkeys(each.family for each in GENERATORS.values()))


def study(made_of: Study, *, progress: RowProgress) -> StudyCard:
    """Train and test a network for each family; who is killed goes on where it was.

    The networks are kept in the user's cache: one that is finished is not trained
    again, and one that was interrupted goes on after its last finished epoch.

    Args:
        made_of: recipe and pictures.
        progress: told how far the network of each row is.

    Raises:
        CifakeError: As `train` and the source of fakes do.
    """
    rows, runs = [], []
    for family in families():
        run = _trained(made_of, family, progress(family))
        rows.append(_row(made_of, family, run))
        runs.append(run)
    cards = [store.load_card(run) for run in runs]
    return StudyCard(
        network=made_of.network,
        settings={**numbers(made_of.config), "precision": cards[-1].precision},
        rows=tuple(rows),
        n_real=int(np.count_nonzero(_validation(runs[-1]).labels == _REAL)),
        max_flagged=FLAGGED,
        generator_sha256=made_of.generator_sha256,
        data_digest=cards[-1].training.train_digest,
        versions={name: version(name) for name in ("keras", "tensorflow", "numpy")},
        seconds=sum(card.seconds for card in cards),
    )


def _learnt(family: Family) -> tuple[str, ...]:
    """Generators of every other family."""
    return tuple(name for name, each in GENERATORS.items() if each.family != family)


def _trained(made_of: Study, family: Family, progress: ReportProgress) -> Path:
    """Run folder of the finished network that never met a family."""
    learnt = dict.fromkeys(_learnt(family), made_of.config.num_generated)
    config = replace(made_of.config, generators=learnt)
    depends = (made_of.network, config, sorted(made_of.generator_sha256.items()))
    key = hashlib.sha256(repr(depends).encode()).hexdigest()[:16]
    run = cache_folder() / "runs" / "study" / f"without_{family}-{key}"
    if not (run / store.CARD_FILE).is_file():
        train(
            made_of.network,
            data=made_of.data,
            run=run,
            config=config,
            resume=(run / run_folder.CHECKPOINT_FILE).is_file(),
            fakes=made_of.fakes,
            progress=progress,
            networks=made_of.networks or NETWORKS,
        )
    return run


def _row(made_of: Study, family: Family, run: Path) -> StudyRow:
    """What the network of a run finds of every generator's held-out pictures."""
    held = _validation(run)
    own = held.labels != _REAL
    found = {made_of.cifake_generator: held.logits[own]}
    ask = _asking(run)
    for name in GENERATORS:
        found[name] = ask(made_of.fakes(name, "validation", n=made_of.num_tested))
    report = report_fakes(held.logits[~own], found)
    return StudyRow(
        left_out=family,
        learnt=(made_of.cifake_generator, *_learnt(family)),
        tested={
            name: StudyCell(n=each.n, roc_auc=each.roc_auc, recall=each.recall)
            for name, each in report.generators.items()
        },
    )


def _validation(run: Path) -> scores.Scores:
    """Scores of the validation pictures of CIFAKE."""
    return scores.read_run(run, store.VALIDATION_FILE)


def _asking(run: Path) -> Callable[[npt.NDArray[np.uint8]], Floats]:
    """Logits of the network of a run, (N,), for (N, 32, 32, 3) uint8."""
    model = store.load_model(run)
    kind = store.load_card(run).input_kind
    call = forward(lambda inputs: model(inputs, training=False)[0][:, 0], model)

    def ask(images: npt.NDArray[np.uint8]) -> Floats:
        parts = (images[at : at + _BATCH] for at in range(0, len(images), _BATCH))
        return np.concatenate([call(network_input(kind, part)) for part in parts])

    return ask
