"""Context of a command: what the door hands in besides the words that were typed."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cifake_core.cli.terminal.tensorflow import import_tensorflow, quiet

if TYPE_CHECKING:  # so that help is printed before NumPy and SciPy are there
    from collections.abc import Callable

    from cifake_core.networks.pool import NetworkPool
    from cifake_core.networks.protocols import Probe
    from cifake_core.training.recipes import TrainConfig
    from cifake_core.training.records import TrainingProgress
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
    progress: "Callable[[TrainingProgress], None]",
) -> object:
    """Train a network, without TensorFlow's own lines."""
    import_tensorflow()
    from cifake_core.training.train import train  # noqa: PLC0415 - loads TensorFlow

    return train(
        network, data=data, run=run, config=config, resume=resume, progress=progress
    )


@dataclass(frozen=True, kw_only=True)
class Context:
    """What the door hands to a command.

    `models` is the folder of trained networks; `load` makes a network from its
    folder, `train` trains one.
    """

    models: Path
    load: "Callable[[Path], Probe]" = load_quietly
    train: Trainer = train_quietly

    @cached_property
    def pool(self) -> "NetworkPool":
        """The trained networks, each loaded when it is first asked."""
        from cifake_core.networks.pool import NetworkPool  # noqa: PLC0415 - imports slowly

        return NetworkPool(self.models, load=self.load)

    @cached_property
    def workbench(self) -> "Workbench":
        """The application over those networks."""
        from cifake_core.workbench.workbench import Workbench  # noqa: PLC0415 - imports slowly

        return Workbench(self.models, networks=self.pool)
