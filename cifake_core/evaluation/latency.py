"""Latency of answers, as medians taken in turns."""

import statistics
import time
from collections.abc import Callable, Sequence
from itertools import cycle
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from cifake_core.networks.protocols import Scorer

#: Seconds since some moment, as `time.perf_counter`.
Clock: TypeAlias = Callable[[], float]

#: Pictures of which the median is taken, asked one at a time.
_NUM_PICTURES: Final = 50


def median_seconds(
    call: Callable[[npt.NDArray[np.uint8]], object],
    inputs: Sequence[npt.NDArray[np.uint8]] | npt.NDArray[np.uint8],
    *,
    repetitions: int,
    clock: Clock = time.perf_counter,
) -> float:
    """Return the median time of `call`, on one input after the other, once warm."""
    [seconds] = medians_in_turns([call], inputs, repetitions=repetitions, clock=clock)
    return seconds


def medians_in_turns(
    calls: Sequence[Callable[[npt.NDArray[np.uint8]], object]],
    inputs: Sequence[npt.NDArray[np.uint8]] | npt.NDArray[np.uint8],
    *,
    repetitions: int,
    clock: Clock = time.perf_counter,
) -> list[float]:
    """Return the median time of each of `calls`, once warm.

    They take turns on one input after the other, so that what else the machine does
    slows all of them, and their ratios hold.
    """
    for call in calls:
        call(inputs[0])
    times: list[list[float]] = [[] for _ in calls]
    for _, value in zip(range(repetitions), cycle(inputs), strict=False):
        for call, spent in zip(calls, times, strict=True):
            started = clock()
            call(value)
            spent.append(clock() - started)
    return [statistics.median(spent) for spent in times]


def latency_milliseconds(
    network: Scorer,
    images: npt.NDArray[np.uint8],
    *,
    clock: Clock = time.perf_counter,
) -> float:
    """Return the latency of one picture on this machine, in milliseconds.

    Args:
        network: ready to answer.
        images: (N, 32, 32, 3) uint8, RGB; the first of them are asked about.
        clock: gives the time.
    """
    seconds = median_seconds(
        lambda image: network.logits(image[None]),
        images[:_NUM_PICTURES],
        repetitions=_NUM_PICTURES,
        clock=clock,
    )
    return 1000 * seconds
