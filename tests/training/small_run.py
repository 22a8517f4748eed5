"""Training runs of seconds: small networks, and a recipe of three short epochs.

As a program, `python -m tests.training.small_run DATA RUN`, it trains until someone
kills it in the third epoch.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from cifake_core import networks
from cifake_core.training.recipes import Recipe, TrainConfig
from cifake_core.training.records import TrainingProgress

EPOCHS: Final = 3
#: Two batches of one size an epoch, so that TensorFlow traces a step only once.
RECIPE: Final = TrainConfig(
    epochs=EPOCHS, batch_size=13, learning_rate=0.05, average_every=1
)
_SMALL: Final = {"widths": (4,), "blocks": (1,), "strides": (1,)}
#: The product's networks, but ours of one residual block on four channels.
NETWORKS: Final = {
    **networks.NETWORKS,
    "cnn": replace(networks.NETWORKS["cnn"], options=_SMALL),
    "cnn_multi": replace(networks.NETWORKS["cnn_multi"], options=_SMALL),
    "cnn3d": replace(networks.NETWORKS["cnn3d"], options={"volumes": (2, 4), **_SMALL}),
}


class Interrupted(Exception):  # noqa: N818 - an event, not an error
    """Stands for whatever ends a process."""


def interrupt() -> None:
    """End a run as nothing that it knows of does."""
    raise Interrupted


def stop_at(
    epoch: int, stop: Callable[[], object] = interrupt
) -> Callable[[TrainingProgress], None]:
    """Callback that calls `stop` within `epoch`."""

    def watch(progress: TrainingProgress) -> None:
        if progress.epoch == epoch and progress.batch == 2:
            stop()

    return watch


def train(
    data: Path, run: Path, config: Recipe = RECIPE, network: str = "cnn", **options
) -> Path:
    """Folder of a run of one of these networks, finished."""
    from cifake_core.training.train import train

    return train(
        network, data=data, run=run, config=config, networks=NETWORKS, **options
    )


def _wait_to_be_killed() -> None:
    """Say that the third epoch has begun, and go no further."""
    print("in epoch 3", flush=True)  # noqa: T201 - a program
    time.sleep(600)


if __name__ == "__main__":
    train(*map(Path, sys.argv[1:]), progress=stop_at(EPOCHS, _wait_to_be_killed))
