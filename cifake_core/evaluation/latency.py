"""How long an answer takes, from the start of a process or once networks are warm."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from itertools import cycle
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from cifake_core.basics.errors import CifakeError
from cifake_core.networks.protocols import Scorer

_ROOT: Final = Path(__file__).resolve().parents[2]
#: Pictures of which the median is taken, asked one at a time.
_NUM_PICTURES: Final = 50
#: What a fresh process does before it says the first verdict.
_FIRST_VERDICT: Final = """
import sys
from pathlib import Path
from cifake_core.verdicts.judge import Detector
from cifake_core.pictures.reading import read_picture

models, picture = map(Path, sys.argv[1:])
print(Detector(models).judge(read_picture(picture).pixels).ruling, flush=True)
"""


def median_seconds(
    call: Callable[[npt.NDArray[np.uint8]], object],
    inputs: Sequence[npt.NDArray[np.uint8]] | npt.NDArray[np.uint8],
    *,
    repetitions: int,
) -> float:
    """Return the median time of `call`, on one input after the other, once warm."""
    [seconds] = medians_in_turns([call], inputs, repetitions=repetitions)
    return seconds


def medians_in_turns(
    calls: Sequence[Callable[[npt.NDArray[np.uint8]], object]],
    inputs: Sequence[npt.NDArray[np.uint8]] | npt.NDArray[np.uint8],
    *,
    repetitions: int,
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
            started = time.perf_counter()
            call(value)
            spent.append(time.perf_counter() - started)
    return [statistics.median(spent) for spent in times]


def latency(network: Scorer, images: npt.NDArray[np.uint8]) -> dict[str, float]:
    """Return what a card says of the time that one picture takes this machine.

    Args:
        network: ready to answer.
        images: (N, 32, 32, 3) uint8, RGB; the first of them are asked about.
    """
    seconds = median_seconds(
        lambda image: network.logits(image[None]),
        images[:_NUM_PICTURES],
        repetitions=_NUM_PICTURES,
    )
    return {"milliseconds": 1000 * seconds}


def first_verdict_seconds(models: Path, picture: Path, *, repetitions: int) -> float:
    """Return the median time from a fresh process's start to its first verdict.

    Args:
        models: the folder of trained networks.
        picture: the file that is judged.
        repetitions: how many processes are started, one after the other.

    Raises:
        CifakeError: If one ends without a verdict.
    """
    program = [sys.executable, "-c", _FIRST_VERDICT]
    command = [*program, str(models.resolve()), str(picture.resolve())]
    times = []
    for _ in range(repetitions):
        started = time.perf_counter()
        with subprocess.Popen(  # noqa: S603 - this Python, with a program of our own
            command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            ruling = process.stdout.readline() if process.stdout else b""
            times.append(time.perf_counter() - started)
        if not ruling:
            msg = (
                "A fresh process gave no verdict. Run `python -m cifake_core predict "
                f"{picture}` to see why."
            )
            raise CifakeError(msg)
    return statistics.median(times)
