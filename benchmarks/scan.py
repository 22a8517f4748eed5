"""Scans and batch jobs measured: rate, kills, memory, and Ray beside processes.

    python -m benchmarks.scan --data cifake.zip --out FOLDER [--rows 1000000]
        [--kills 20] [--workers 2] [--only batch,scan,ray]

The pictures are those of CIFAKE's test set, repeated; pixels are real. FOLDER is made,
and keeps the runs. Ratios are of one run on one machine, so that what else it does
counts for both sides. Prints a line for each figure, then all of them as one JSON
object.
"""

import argparse
import json
import os
import statistics
import sys
import time
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np

from cifake_core.basics.memory import peak_memory
from cifake_core.basics.places import CHECKOUT
from cifake_core.jobs.engines.local import LocalEngine
from cifake_core.jobs.engines.protocol import Engine
from cifake_core.jobs.engines.ray import RayEngine
from cifake_core.jobs.file_job import FileJob
from cifake_core.jobs.scan.manifest import make_plan, read_plan
from cifake_core.jobs.scan.records import SHARDS_FOLDER
from cifake_core.jobs.scan.report import Made, made_of, report
from cifake_core.jobs.scan.running import run_scan
from cifake_core.networks import NETWORKS
from cifake_core.networks.pool import NetworkPool
from cifake_core.networks.runtimes.answering import load_answering
from cifake_core.pictures.preprocessing import crop_and_resize
from cifake_core.pictures.reading import read_picture
from tests.jobs.killed import end, kill_spread, shards_done, wrong_rows

Figures: TypeAlias = dict[str, float]

MODELS: Final = CHECKOUT / "models"
#: Of the shards that were done first and last, this share each.
_ENDS: Final = 0.2
#: Pictures that the engine alone and the batch job take in one turn.
_TURN: Final = 1_000


def put_pictures(data: Path, folder: Path, num: int) -> Path:
    """Write so many test pictures, evenly drawn, into a zip; return it."""
    place = folder / "pictures.zip"
    with zipfile.ZipFile(data) as archive, zipfile.ZipFile(place, "w") as out:
        names = sorted(
            name
            for name in archive.namelist()
            if "test/" in name and name.lower().endswith(".jpg")
        )
        step = max(1, len(names) // num)
        for name in names[::step][:num]:
            out.writestr(name, archive.read(name))
    return place


def batch(pictures: Path, folder: Path, rows: int) -> Figures:
    """The batch job against the engine alone with filters, in turns."""
    pool = NetworkPool(MODELS, load=load_answering)
    own = [pool.network(name) for name in pool.names() if not NETWORKS[name].members]
    with zipfile.ZipFile(pictures) as archive:
        names = archive.namelist()
        seconds: dict[str, list[float]] = {"engine": [], "batch": []}
        spent: dict[str, list[float]] = {"engine": [], "batch": []}
        peaks = []
        for start in range(0, rows, _TURN):
            turn = [names[n % len(names)] for n in range(start, start + _TURN)]
            files = [archive.read(name) for name in turn]
            images = np.stack([crop_and_resize(read_picture(f).pixels) for f in files])
            began = time.perf_counter(), time.process_time()
            for network in own:
                network.answers(images)
            seconds["engine"].append(time.perf_counter() - began[0])
            spent["engine"].append(time.process_time() - began[1])
            part = folder / "turn.zip"
            with zipfile.ZipFile(part, "w") as out:
                for number, file in enumerate(files):
                    out.writestr(f"{number}.jpg", file)
            began = time.perf_counter(), time.process_time()
            job = FileJob(
                [str(part)], folder / "turn.csv", pool=pool, networks=pool.names()
            )
            job.run(resume=False)
            seconds["batch"].append(time.perf_counter() - began[0])
            spent["batch"].append(time.process_time() - began[1])
            peaks.append(peak_memory() or 0.0)
    total = _TURN * len(peaks)
    return {
        "batch_pictures": total,
        "engine_rate": total / sum(seconds["engine"]),
        "batch_rate": total / sum(seconds["batch"]),
        "batch_to_engine": _median_ratio(seconds["engine"], seconds["batch"]),
        "batch_to_engine_by_processor_time": _median_ratio(
            spent["engine"], spent["batch"]
        ),
        "batch_memory_mb_first_quarter": peaks[len(peaks) // 4],
        "batch_memory_mb_end": peaks[-1],
    }


def scan(run: Path, kills: int, workers: int) -> Figures:
    """A scan that is killed so often, spread over its work, and then ends."""
    words = ("scan", "run", run, "--workers", workers)
    total = read_plan(run).num_shards
    num = kill_spread(words, lambda: shards_done(run), total=total, times=kills)
    status = end(*words).returncode
    return {
        "scan_kills": num,
        "scan_status": status,
        "scan_rows_wrong": len(wrong_rows(run)),
        **{f"scan_{name}": value for name, value in rates(run).items()},
    }


def by_engine(run: Path, engine: Engine) -> Figures:
    """A scan by an engine, to its end."""
    run_scan(run, models=MODELS, engine=engine)
    return rates(run)


def rates(run: Path) -> Figures:
    """Of a scan that ended: rate, at the end against the start, memory of workers."""
    found = report(run)
    made = sorted(
        (made_of(path) for path in (run / SHARDS_FOLDER).iterdir()),
        key=lambda each: each.ended,
    )
    num = max(1, round(len(made) * _ENDS))
    return {
        "rows": found.pictures,
        "errors": found.errors,
        "rate": found.rate,
        "rate_a_worker": _rate(made),
        "pictures_a_processor_second": _by_processor(made),
        "end_to_start": _rate(made[-num:]) / _rate(made[:num]),
        "end_to_start_by_processor_time": _by_processor(made[-num:])
        / _by_processor(made[:num]),
        "worker_memory_mb": found.peak_memory_mb or 0.0,
    }


def _median_ratio(one: Sequence[float], other: Sequence[float]) -> float:
    """Median over the turns of the ratio of two times."""
    return statistics.median(a / b for a, b in zip(one, other, strict=True))


def _by_processor(made: Sequence[Made]) -> float:
    """Pictures in a second of a processor at work, whatever else the machine does."""
    return sum(each.num_rows for each in made) / sum(
        each.processor_seconds for each in made
    )


def _rate(made: Sequence[Made]) -> float:
    """Pictures a second of one worker, over some shards."""
    return sum(each.num_rows for each in made) / sum(
        each.ended - each.started for each in made
    )


def measures(
    given: argparse.Namespace, pictures: Path, plan: Callable[[str], Path]
) -> Mapping[str, Callable[[], Figures]]:
    """What can be measured, by name.

    Args:
        given: by the command line.
        pictures: a zip.
        plan: makes a run of a name, and returns its folder.
    """

    def with_ray() -> Figures:
        beside = by_engine(plan("local_beside"), LocalEngine(2))
        ray = by_engine(plan("ray"), RayEngine(2))
        return {
            "ray_rate": ray["rate"],
            "ray_to_local": ray["rate"] / beside["rate"],
            "ray_to_local_by_processor_time": ray["pictures_a_processor_second"]
            / beside["pictures_a_processor_second"],
            "ray_worker_memory_mb": ray["worker_memory_mb"],
        }

    return {
        "batch": lambda: batch(pictures, given.out, min(given.rows, 20_000)),
        "scan": lambda: scan(plan("run"), given.kills, given.workers),
        "ray": with_ray,
    }


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--shard", type=int, default=0)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", default="batch,scan,ray")
    given = parser.parse_args()
    given.out.mkdir(parents=True)
    num = min(given.rows, 20_000)
    pictures = put_pictures(given.data, given.out, num)
    shard = given.shard or max(10, min(1_000, given.rows // 50))

    def plan(name: str) -> Path:
        run = given.out / name
        repeat = -(-given.rows // num)
        make_plan(str(pictures), run, shard_size=shard, repeat=repeat)
        return run

    figures: Figures = {}
    for name in given.only.split(","):
        for key, value in measures(given, pictures, plan)[name]().items():
            figures[key] = value
            print(f"{key:32} {value:,.3f}   load {os.getloadavg()[0]:.1f}", flush=True)
    print(json.dumps(figures))


if __name__ == "__main__":
    sys.exit(main())
