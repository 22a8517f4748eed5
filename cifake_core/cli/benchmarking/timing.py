"""Timing of the benchmark: how often what is repeated, and by which clock."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from cifake_core.evaluation.latency import Clock, median_seconds, medians_in_turns

#: Work on one picture, or on the pictures of one array.
Work: TypeAlias = Callable[[npt.NDArray[np.uint8]], object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Timing:
    """Repetitions of quick and slow work, of the slow baselines, and of starts."""

    quick: int = 50
    slow: int = 5
    stock: int = 3
    starts: int = 3
    clock: Clock = time.perf_counter

    def median(
        self, work: Work, inputs: Sequence[npt.NDArray[np.uint8]], *, repetitions: int
    ) -> float:
        """Return the median seconds of `work`, once warm."""
        return median_seconds(work, inputs, repetitions=repetitions, clock=self.clock)

    def pair(
        self,
        first: Work,
        second: Work,
        inputs: Sequence[npt.NDArray[np.uint8]],
        *,
        repetitions: int,
    ) -> tuple[float, float]:
        """Return the median seconds of both, measured in turns."""
        one, two = medians_in_turns(
            (first, second), inputs, repetitions=repetitions, clock=self.clock
        )
        return one, two
