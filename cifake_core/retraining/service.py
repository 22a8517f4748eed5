"""What a command or a page asks of this room: teach a network, get a candidate."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from cifake_core.accounts.acts import note_act
from cifake_core.accounts.records import Who
from cifake_core.basics.estimates import sigmoid
from cifake_core.basics.registry import lookup
from cifake_core.basics.text import enumerated
from cifake_core.data.datasets import library
from cifake_core.data.datasets.records import Part
from cifake_core.networks import NETWORKS, OWN, store
from cifake_core.networks.pool import NetworkPool
from cifake_core.retraining import run_control
from cifake_core.retraining.candidate import (
    OpenPool,
    complete,
    validation_metrics,
)
from cifake_core.retraining.recipe import (
    RETRAIN,
    LearntDataSet,
    RetrainConfig,
    retrain_config,
)
from cifake_core.retraining.retrain import Lesson, retrain
from cifake_core.retraining.run_control import RunControl, RunStoppedError
from cifake_core.training import run_folder
from cifake_core.training.records import TrainingProgress
from cifake_core.training.replay import Fakes
from cifake_core.verdicts.threshold_choice import PolicyConfig
from cifake_core.versions.records import Version
from cifake_core.versions.registry import VersionRegistry

#: Shares of the whole that the epochs take, and the choice between the weights before
#: and after; scores and thresholds take the rest.
_TRAINING: Final = 0.45
_CHOOSING: Final = 0.15
_POLICY: Final = PolicyConfig()
_LEARNT: Final[tuple[Part, ...]] = ("training", "validation")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Teaching:
    """Teaching of a network: who learns what, from where, for how long.

    `datasets` is the folder of data sets of one's own, `data` CIFAKE; `fakes` draws
    pictures of the generators that were learnt before; `minutes` bounds the training
    alone. `base` and `policy` say how it is trained and measured, `open_pool` loads
    networks.
    """

    network: str
    on: Sequence[str]
    datasets: Path
    data: Path
    fakes: Fakes
    minutes: float | None = None
    base: RetrainConfig = RETRAIN
    policy: PolicyConfig = _POLICY
    open_pool: OpenPool = NetworkPool


def teach(
    teaching: Teaching,
    *,
    registry: VersionRegistry,
    run: Path,
    by: Who,
    resume: bool = False,
) -> Version:
    """Retrain a network of the version in use; it becomes a candidate, not in use.

    How far it is stands in the run folder, where it can be paused and stopped; see
    `run_control`. Its begin is noted in the audit, where there are accounts.

    Args:
        teaching: who learns what.
        registry: of the versions.
        run: the folder of the run.
        by: who asks for it.
        resume: go on after the last finished epoch of an interrupted run, or begin
            where none was finished.

    Raises:
        UnknownNameError: If there is no such network or data set.
        RunStoppedError: If somebody stopped it.
        TrainingError: If another process is at work in that folder.
        CifakeError: As `retrain` and `complete` do.
    """
    run.mkdir(parents=True, exist_ok=True)
    run_control.check_idle(run)
    with RunControl(run) as control:
        try:
            version = _teach(teaching, registry, run, control, by=by, resume=resume)
        except BaseException as error:
            stopped = isinstance(error, RunStoppedError | KeyboardInterrupt)
            words = str(error) or "Stopped."
            control.close("stopped" if stopped else "failed", words)
            raise
        # all that it holds is in the candidate; the next run may begin here
        (run / run_folder.CHECKPOINT_FILE).unlink(missing_ok=True)
        words = f"Version {version.number} is a candidate: its gate comes next."
        control.close("done", words, version=version.number)
    return version


def _teach(  # noqa: PLR0913 - as `teach`
    teaching: Teaching,
    registry: VersionRegistry,
    run: Path,
    control: RunControl,
    *,
    by: Who,
    resume: bool,
) -> Version:
    """Candidate version of a network that was taught."""
    own = {name: NETWORKS[name] for name in OWN if NETWORKS[name].builder}
    lookup(own, teaching.network, kind="network that can be taught")
    begun = time.perf_counter()
    parent, models = registry.in_use(), registry.models()
    card = store.load_card(models / teaching.network)
    new = _described(teaching.on, teaching.datasets)
    # as they are today: labels may have come since
    old = _described(card.config.get("datasets", {}), teaching.datasets)
    config = retrain_config(card, new, old=old, base=teaching.base)
    lesson = _lesson(tuple(config.datasets), teaching.datasets)
    in_use = teaching.open_pool(models).network(teaching.network)
    note_act(
        registry.user_data,
        by,
        action="retrain.begin",
        subject=teaching.network,
        result=f"on {enumerated(tuple(new))}",
    )
    retrain(
        teaching.network,
        lesson,
        models=models,
        data=teaching.data,
        run=run,
        config=config,
        fakes=teaching.fakes,
        teacher=lambda images: sigmoid(in_use.logits(images)).astype(np.float32),
        minutes=teaching.minutes,
        resume=resume and (run / run_folder.CHECKPOINT_FILE).is_file(),
        progress=lambda state: _tell(control, state),
        choosing=lambda share: control.tell(
            "finishing",
            _TRAINING + _CHOOSING * share,
            "Choosing between the weights before and after.",
        ),
    )
    begin = _TRAINING + _CHOOSING
    with registry.tree(parent.number) as tree:
        complete(
            tree,
            run,
            data=teaching.data,
            policy=teaching.policy,
            open_pool=teaching.open_pool,
            tell=lambda share, words: control.tell(
                "finishing", begin + (1 - begin) * share, words
            ),
        )
        metrics = {
            name: validation_metrics(
                teaching.network,
                lesson.validation,
                models=place,
                open_pool=teaching.open_pool,
            )
            for name, place in (("validation", tree), ("before", models))
        }
        return registry.add(
            tree,
            network=teaching.network,
            parent=parent.number,
            recipe=dict(store.load_card(tree / teaching.network).config),
            datasets={name: each.digest for name, each in new.items()},
            metrics={"seconds": time.perf_counter() - begun, **metrics},
            who=by.name,
            why=f"Taught {enumerated(tuple(new))}.",
        )


def _described(names: Iterable[str], root: Path) -> dict[str, LearntDataSet]:
    """What is to be learnt: digest and generators of each data set, by name.

    Raises:
        DatasetError: If one of them is not there.
    """
    cards = {name: library.card(name, root) for name in names}
    return {
        name: LearntDataSet(digest=card.digest, generators=card.generators)
        for name, card in cards.items()
    }


def _lesson(names: Iterable[str], root: Path) -> Lesson:
    """Training and validation parts of data sets.

    Raises:
        DatasetError: If a picture has changed or is gone.
    """
    training, validation = (
        [library.load(name, root=root, parts=(part,)) for name in names]
        for part in _LEARNT
    )
    return Lesson(training=training, validation=validation)


def _tell(control: RunControl, state: TrainingProgress) -> None:
    """Pass on how far the training is."""
    done = (state.epoch - 1 + state.batch / state.num_batches) / state.num_epochs
    control.tell(
        "training",
        _TRAINING * done,
        f"Epoch {state.epoch} of {state.num_epochs}.",
        seconds_left=state.seconds_left or None,
    )
