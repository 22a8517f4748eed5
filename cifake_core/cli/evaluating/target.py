"""The network that is measured, a trained one or that of a finished run."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cifake_core.basics.arrays import Floats
from cifake_core.basics.errors import CifakeError
from cifake_core.basics.estimates import Estimate
from cifake_core.basics.labels import LABELS
from cifake_core.basics.registry import lookup
from cifake_core.cli.context import Context
from cifake_core.data import cifake
from cifake_core.data.cifake import Split
from cifake_core.evaluation import scores
from cifake_core.evaluation.scores import Scores
from cifake_core.networks import NETWORKS, store
from cifake_core.networks.card import NetworkCard
from cifake_core.networks.protocols import Scorer


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Measured:
    """Figures of a network for a program, and what prints them for a person.

    `pictures` says in words what they are on; `num_bad` of these were not usable.
    """

    network: Scorer
    figures: dict[str, object]
    pictures: str
    show: Callable[[], None]
    num_bad: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """Network to measure: its name or the folder of a run, and its folder."""

    name: str
    folder: Path
    context: Context

    def load(self) -> Scorer:
        """The network, ready to answer."""
        if self.name in NETWORKS:
            return self.context.pool.network(self.name)
        return self.context.load(self.folder)

    def stored(self, file: str) -> Scores:
        """Scores on CIFAKE that stand in a file beside its weights.

        Raises:
            ModelUnavailableError: If the file is missing or made with other weights.
        """
        if self.name in NETWORKS:
            return scores.read(self.name, self.context.models, file)
        return scores.read_run(self.folder, file)

    def photographs(self, file: str) -> Floats:
        """Logits that it gave the photographs of CIFAKE in a file of stored scores.

        Raises:
            ModelUnavailableError: If the file is missing or made with other weights.
        """
        stored = self.stored(file)
        return np.asarray(stored.logits[stored.labels == LABELS.index("REAL")])

    def cards(self) -> list[NetworkCard]:
        """Cards of the networks with weights of their own that answer.

        Raises:
            ModelUnavailableError: If one is missing or not readable.
        """
        members = NETWORKS[self.name].members if self.name in NETWORKS else ()
        folders = [self.context.models / name for name in members] or [self.folder]
        return list(map(store.load_card, folders))

    def check_may_save(self, data: Path, train: Split, test: Split) -> None:
        """Raise `DatasetError` if figures on this data set are none for models/."""
        if self.folder.resolve().parent == self.context.models.resolve():
            cifake.check_published(
                data,
                cifake.digest(train, test),
                remedy=f"The figures in {self.folder} are on that alone; leave out "
                "--save, or name the published set.",
            )


def find_target(name: str, context: Context) -> Target:
    """The network or run called `name`, if something is in its folder.

    Raises:
        UnknownNameError: If there is no such network or folder.
        ModelUnavailableError: If it was not trained.
    """
    if name in NETWORKS:
        store.revision(name, context.models)
        return Target(name=name, folder=context.models / name, context=context)
    if not Path(name).is_dir():
        lookup(NETWORKS, name, kind="finished run or network")
    store.load_card(Path(name))
    return Target(name=name, folder=Path(name), context=context)


def check_has_weights(name: str) -> None:
    """Raise `CifakeError` if the scores of network `name` follow from others'."""
    members = NETWORKS[name].members if name in NETWORKS else ()
    if members:
        msg = (
            f"The scores of {name} follow from those of {' and '.join(members)}; "
            "save theirs instead."
        )
        raise CifakeError(msg)


def in_words(figure: Estimate) -> str:
    """Return a figure with its 95 % interval."""
    return f"{figure.value:.4f}  (95% interval {figure.low:.4f} to {figure.high:.4f})"


def in_short(figure: Estimate) -> str:
    """Likewise, for a cell of a table."""
    return f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"
