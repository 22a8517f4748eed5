"""Scans and jobs of a file that are killed at random moments: `test_kills`, and more.

`python -m tests.jobs.killed N ROWS FOLDER` kills a scan of ROWS pictures N times with
SIGKILL, lets it end, and counts its rows; FOLDER is made for it.
"""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from pyarrow import parquet

from cifake_core.basics.places import CHECKOUT
from cifake_core.jobs.scan.manifest import make_plan, read_plan
from cifake_core.jobs.scan.records import SHARDS_FOLDER, shard_file
from cifake_core.jobs.scan.running import shards_left
from tests.jobs.made_sources import put_folder

#: Of so many files one is a picture; the others are rows at once.
_ONE_OF = 25
#: Seconds after which a process is killed at the latest, from its start, and from when
#: it has done something.
_SECONDS_FROM_START, _SECONDS_AT_WORK = 8.0, 2.0
_NUM_FILES = 100


def begin(*words: object) -> subprocess.Popen[str]:
    """Begin a command of the product in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "cifake_core", *map(str, words)],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def kill_at_random(
    words: Sequence[object], done: Callable[[], int], *, times: int, seed: int = 0
) -> int:
    """Run a command again and again, and kill it; return how often it was killed.

    Every other time it is killed at a moment after its start, and else after it has
    done something more. One that ends by itself is not killed, nor begun again.

    Args:
        words: of the command.
        done: how much is done.
        times: how often to kill it at the most.
        seed: draws the moments.
    """
    draw = np.random.RandomState(seed)
    for number in range(times):
        before, process = done(), begin(*words)
        if number % 2:
            while process.poll() is None and done() == before:
                time.sleep(0.02)
            moment = draw.uniform(0, _SECONDS_AT_WORK)
        else:
            moment = draw.uniform(0, _SECONDS_FROM_START)
        if _ends_within(process, moment):
            return number
        process.kill()
        process.communicate()
    return times


def kill_spread(
    words: Sequence[object],
    done: Callable[[], int],
    *,
    total: int,
    times: int,
    seed: int = 0,
) -> int:
    """Run a command again and again, and kill it at moments spread over all its work.

    Args:
        words: of the command.
        done: how much is done.
        total: how much there is to do.
        times: how often to kill it at the most.
        seed: draws the moments.

    Returns:
        How often it was killed; one that ends by itself is not, nor begun again.
    """
    draw = np.random.RandomState(seed)
    for number, moment in enumerate(sorted(draw.uniform(0, total, times))):
        process = begin(*words)
        while done() < moment and not _ends_within(process, 0.2):
            pass
        if _ends_within(process, draw.uniform(0, _SECONDS_FROM_START)):
            return number
        process.kill()
        process.communicate()
    return times


def _ends_within(process: subprocess.Popen[str], seconds: float) -> bool:
    """Whether a process ends by then; it is not held up by what it writes."""
    try:
        process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def end(*words: object) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    process = begin(*words)
    out, err = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def kill_scan(run: Path, *more: object, times: int) -> int:
    """Kill a scan at random; see `kill_at_random`."""
    return kill_at_random(
        ("scan", "run", run, *more), lambda: shards_done(run), times=times
    )


def shards_done(run: Path) -> int:
    """How many shards of a scan are done."""
    return len(list((run / SHARDS_FOLDER).glob("0*.parquet")))


def plan_rows(folder: Path, num_rows: int, *, shard_size: int) -> Path:
    """Plan a scan of so many rows, most of them of files that are no pictures."""
    files = min(num_rows, _NUM_FILES)
    good = max(1, files // _ONE_OF)
    source = put_folder(folder / "pictures", good=good, bad=files - good)
    run = folder / "run"
    repeat = -(-num_rows // files)
    make_plan(str(source), run, shard_size=shard_size, repeat=repeat)
    return run


def wrong_rows(run: Path) -> list[str]:
    """What is wrong with the rows of a scan that ended; each has to be there once."""
    plan = read_plan(run)
    if shards_left(run, plan):
        return ["not all shards are there"]
    planned = parquet.read_table(run / "manifest.parquet", columns=["path"])
    found: Counter[str] = Counter()
    for shard in range(plan.num_shards):
        table = parquet.read_table(shard_file(run, shard), columns=["path"])
        found.update(table["path"].to_pylist())
    wanted = Counter(planned["path"].to_pylist())
    files = {path.name for path in (run / SHARDS_FOLDER).iterdir()}
    beside = files - {shard_file(run, each).name for each in range(plan.num_shards)}
    return [
        *(f"{path} is missing" for path in wanted - found),
        *(f"{path} is there too often" for path in found - wanted),
        *(f"{name} lies beside the shards" for name in beside),
    ]


def main(times: int, num_rows: int, folder: Path) -> int:
    """Kill a scan so often, let it end, and print what came of it."""
    folder.mkdir(parents=True, exist_ok=True)
    run = plan_rows(folder, num_rows, shard_size=max(1, num_rows // (4 * times)))
    started = time.time()
    killed = kill_scan(run, times=times)
    done = end("scan", "run", run)
    wrong = wrong_rows(run)
    plan = read_plan(run)
    sys.stdout.write(
        f"{killed} kills, {plan.num_items} rows in {plan.num_shards} shards, "
        f"{len(wrong)} rows wrong, {time.time() - started:.0f} s\n"
    )
    sys.stdout.write("".join(f"{each}\n" for each in wrong[:20]) + done.stderr[-500:])
    return 1 if wrong or done.returncode else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
