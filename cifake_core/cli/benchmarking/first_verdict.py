"""Time to the first verdict of a fresh process."""

import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from cifake_core.basics.errors import CifakeError

_ROOT: Final = Path(__file__).resolve().parents[3]


#: What a fresh process does before it says the first verdict.
_FIRST_VERDICT: Final = """
import sys
from pathlib import Path
from cifake_core.verdicts.judge import Judge
from cifake_core.pictures.reading import read_picture

models, picture = map(Path, sys.argv[1:])
print(Judge(models).judge(read_picture(picture).pixels).decision, flush=True)
"""


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
            decision = process.stdout.readline() if process.stdout else b""
            times.append(time.perf_counter() - started)
        if not decision:
            msg = (
                "A fresh process gave no verdict. Run `python -m cifake_core predict "
                f"{picture}` to see why."
            )
            raise CifakeError(msg)
    return statistics.median(times)
