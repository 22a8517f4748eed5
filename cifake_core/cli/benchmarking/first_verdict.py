"""Time to the first verdict of a fresh process."""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from cifake_core.basics.errors import CifakeError
from cifake_core.basics.places import CHECKOUT, MODELS_VARIABLE
from cifake_core.evaluation.latency import Clock


def first_verdict_seconds(
    models: Path,
    picture: Path,
    *,
    repetitions: int,
    clock: Clock = time.perf_counter,
) -> float:
    """Return the median time from the start of `predict` to its first verdict.

    Args:
        models: the folder of trained networks.
        picture: the file that is judged.
        repetitions: how many processes are started, one after the other.
        clock: gives the time.

    Raises:
        CifakeError: If one ends without a verdict.
    """
    words = ("predict", str(picture.resolve()), "--json")
    times = []
    for _ in range(repetitions):
        started = clock()
        with subprocess.Popen(  # noqa: S603 - this Python, with a command of our own
            [sys.executable, "-m", "cifake_core", *words],
            cwd=CHECKOUT,
            env=os.environ | {MODELS_VARIABLE: str(models.resolve())},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process:
            line = process.stdout.readline() if process.stdout else b""
            times.append(clock() - started)
        if not line or "verdict" not in json.loads(line):
            msg = (
                "A fresh process gave no verdict. Run `python -m cifake_core predict "
                f"{picture}` to see why."
            )
            raise CifakeError(msg)
    return statistics.median(times)
