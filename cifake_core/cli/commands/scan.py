"""`scan`: verdicts on millions of pictures, shard by shard."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

from cyclopts import App, Parameter

from cifake_core.cli.app import COMMANDS
from cifake_core.cli.jobs.file_job import show_verdicts
from cifake_core.cli.terminal.output import (
    command_line,
    duration,
    print_json,
    print_pairs,
    tell,
)
from cifake_core.cli.terminal.parameters import Flag, FromDoor, whole_number
from cifake_core.cli.terminal.progress import progress_bar
from cifake_core.jobs.engines.local import LocalEngine
from cifake_core.jobs.engines.protocol import Engine
from cifake_core.jobs.engines.ray import RayEngine
from cifake_core.jobs.scan.manifest import SHARD_SIZE, make_plan
from cifake_core.jobs.scan.report import ScanReport, report
from cifake_core.jobs.scan.running import run_scan
from cifake_core.verdicts.scope_words import networks_know

run = App(name="scan", help=COMMANDS["scan"], help_epilogue="")

_BAD_INPUT: Final = 2
_MAX_WORKERS: Final = 4096
_MAX_SHARD: Final = 100_000

EngineName: TypeAlias = Literal["local", "ray"]
ENGINES: Final[dict[EngineName, Callable[[int], Engine]]] = {
    "local": LocalEngine,
    "ray": RayEngine,
}
NumWorkers = Annotated[
    int | None, Parameter(name="--workers", converter=whole_number(1, _MAX_WORKERS))
]
ShardSize = Annotated[
    int, Parameter(name="--shard", converter=whole_number(1, _MAX_SHARD))
]


@run.command
def plan(
    source: str, /, *, out: Path, shard: ShardSize = SHARD_SIZE, json: Flag = False
) -> None:
    """List the pictures of a source into the folder of a new run, cut into shards.

    Args:
        source: a folder, a zip, or a bucket's URL such as s3://bucket/folder.
        out: RUN, the folder to make; on a cluster where all machines see it.
        shard: pictures of a shard.
        json: one JSON object on the last line.
    """
    made = make_plan(source, out, shard_size=shard)
    if json:
        print_json(
            {"path": str(out), "pictures": made.num_items, "shards": made.num_shards}
        )
        return
    print(f"{out}: {made.num_items:,} pictures in {made.num_shards:,} shards. Begin:")
    print(f"  {command_line('scan', 'run', str(out))}")


@run.command(name="run")
def run_(
    run: Path,
    /,
    *,
    engine: EngineName = "local",
    workers: NumWorkers = None,
    context: FromDoor,
) -> int:
    """Judge the shards that are not done; the same command goes on after a stop.

    Args:
        run: RUN, the folder that `scan plan` made.
        engine: local for processes on this machine, or ray for a cluster, whose
            address RAY_ADDRESS names.
        workers: how many at once, each below 500 MB; one for each processor by default.
        context: has the folder of networks.

    Returns:
        The exit status: 2 if a shard could not be done.
    """
    at_work = ENGINES[engine](workers or os.cpu_count() or 1)
    again = command_line("scan", "run", str(run))
    try:
        with progress_bar(f"Scanning {run.name}") as progress:
            end = run_scan(
                run, models=context.models, engine=at_work, progress=progress
            )
    except KeyboardInterrupt:
        msg = f"Stopped; the shards that are done stay. Go on with: {again}"
        raise KeyboardInterrupt(msg) from None
    before = f", {end.done_before:,} were done before" if end.done_before else ""
    print(f"{run}: {end.done:,} shards are done now{before}. See:")
    print(f"  {command_line('scan', 'report', str(run))}")
    if end.given_up:
        numbers = ", ".join(map(str, end.given_up))
        tell(
            f"Shards {numbers} were given up: several workers died over each. Is there "
            f"memory enough? Go on with fewer --workers: {again}"
        )
        return _BAD_INPUT
    return 0


@run.command(name="report")
def report_(run: Path, /, *, json: Flag = False) -> None:
    """Count the verdicts of the shards that are done, with rate and disagreement.

    Args:
        run: RUN, the folder that `scan plan` made.
        json: one JSON object on the last line.
    """
    found = report(run)
    if json:
        print_json(_record(found))
    else:
        _show(found)


def _record(found: ScanReport) -> dict[str, object]:
    """Report for a program."""
    memory = found.peak_memory_mb
    return {
        "pictures": found.pictures,
        "errors": found.errors,
        "shards": found.shards,
        "verdicts": dict(found.verdicts),
        "seconds": found.seconds,
        "planned_pictures": found.plan.num_items,
        "planned_shards": found.plan.num_shards,
        "rate": found.rate,
        "disagreement": found.disagreement,
        **({} if memory is None else {"peak_memory_mb": memory}),
        "scope": list(found.key.sentences),
    }


def _show(found: ScanReport) -> None:
    """Print a report for a person, its verdicts with what they know."""
    plan = found.plan
    print_pairs(
        {
            "Source": plan.place,
            "Pictures": f"{found.pictures:,} of {plan.num_items:,}",
            "Shards": f"{found.shards:,} of {plan.num_shards:,}",
            "Without verdict": f"{found.errors:,} could not be judged",
            "Networks disagree": f"on {found.disagreement:,}",
            "Time at work": duration(found.seconds),
            "Rate": f"{found.rate:,.1f} pictures a second",
        }
    )
    show_verdicts(found.verdicts, found.key.sentences)
    print(f"  {networks_know(found.key.known)}")
