"""Pictures of generators for a training, drawn or read under a bar of progress."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from cifake_core.cli.terminal.progress import progress_bar
from cifake_core.generators import collection
from cifake_core.training.replay import Fakes, FakesPart


def drawn_fakes(data: Path, models: Path) -> Fakes:
    """Source of generators' pictures, which draws them once and keeps them.

    Args:
        data: the data set, for photographs to pass through.
        models: the folder of generators.
    """

    def draw(name: str, part: FakesPart, /, *, n: int) -> npt.NDArray[np.uint8]:
        with progress_bar(f"Drawing {n:,} {part} pictures of {name}") as progress:
            return collection.pictures(
                name, part, n=n, data=data, models=models, progress=progress
            )

    return draw
