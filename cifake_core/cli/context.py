"""Context of a command: what the door hands in besides the words that were typed."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cifake_core.accounts.records import Who
from cifake_core.basics.silence import quiet
from cifake_core.cli.guard import Guard
from cifake_core.cli.terminal.output import tell
from cifake_core.cli.terminal.tensorflow import import_tensorflow

if TYPE_CHECKING:  # so that help is printed before NumPy and SciPy are there
    from collections.abc import Callable

    from cifake_core.networks.pool import NetworkPool
    from cifake_core.networks.protocols import Probe
    from cifake_core.training.recipes import TrainConfig
    from cifake_core.training.records import TrainingProgress
    from cifake_core.training.replay import Fakes
    from cifake_core.versions.registry import VersionRegistry
    from cifake_core.workbench.workbench import Workbench


class Trainer(Protocol):
    """Training of a network, as `training.train.train`."""

    def __call__(  # noqa: PLR0913 - all by keyword
        self,
        network: str,
        *,
        data: Path,
        run: Path,
        config: "TrainConfig",
        resume: bool,
        fakes: "Fakes",
        progress: "Callable[[TrainingProgress], None]",
    ) -> object:
        """Train a network, or go on with its run."""


def load_quietly(folder: Path) -> "Probe":
    """Return the trained network of a folder, without TensorFlow's own lines."""
    import_tensorflow()
    from cifake_core.networks.pool import load_network  # noqa: PLC0415 - imports slowly

    with quiet():
        return load_network(folder)


def train_quietly(  # noqa: PLR0913 - as `Trainer`
    network: str,
    *,
    data: Path,
    run: Path,
    config: "TrainConfig",
    resume: bool,
    fakes: "Fakes",
    progress: "Callable[[TrainingProgress], None]",
) -> object:
    """Train a network, without TensorFlow's own lines."""
    import_tensorflow()
    from cifake_core.training.train import train  # noqa: PLC0415 - loads TensorFlow

    return train(
        network,
        data=data,
        run=run,
        config=config,
        resume=resume,
        fakes=fakes,
        progress=progress,
    )


@dataclass(frozen=True, kw_only=True)
class Context:
    """What the door hands to a command.

    `shipped` is the folder of trained networks that is version 1, `user_data` the
    user's folder for data sets and versions; `load` makes a network from its folder,
    `train` trains one.
    """

    shipped: Path
    user_data: Path
    load: "Callable[[Path], Probe]" = load_quietly
    train: Trainer = train_quietly

    @cached_property
    def guard(self) -> Guard:
        """The guard, which knows who has typed the command."""
        return Guard(self.user_data)

    @property
    def who(self) -> Who:
        """Who has typed the command; see `Guard.who`, also for what it raises."""
        return self.guard.who

    @cached_property
    def versions(self) -> "VersionRegistry":
        """The versions of the networks."""
        from cifake_core.versions.registry import VersionRegistry  # noqa: PLC0415 - imports slowly

        return VersionRegistry(self.user_data, self.shipped)

    @cached_property
    def models(self) -> Path:
        """The folder of the networks in use; one and the same for the whole command."""
        current = self.versions.current()
        if current.trouble:
            tell(current.trouble)
        return current.models

    @cached_property
    def pool(self) -> "NetworkPool":
        """The trained networks, each loaded when it is first asked."""
        from cifake_core.networks.pool import NetworkPool  # noqa: PLC0415 - imports slowly

        return NetworkPool(self.models, load=self.load)

    @cached_property
    def answering(self) -> "NetworkPool":
        """The same networks for answers alone: without TensorFlow where that can be."""
        from cifake_core.networks.pool import NetworkPool  # noqa: PLC0415 - imports slowly
        from cifake_core.networks.runtimes.answering import (  # noqa: PLC0415 - likewise
            load_answering,
        )

        def load(folder: Path) -> "Probe":
            with quiet():  # the engine tells of itself
                network = load_answering(folder)
            return network or self.load(folder)

        return NetworkPool(self.models, load=load)

    @cached_property
    def workbench(self) -> "Workbench":
        """The application over those networks."""
        from cifake_core.workbench.workbench import Workbench  # noqa: PLC0415 - imports slowly

        return Workbench(self.shipped, user_data=self.user_data, networks=self.pool)
