"""Report on a scan: counts, rate and where the networks disagree, from its shards."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from cifake_core.basics.errors import JobError
from cifake_core.basics.labels import DECISIONS
from cifake_core.jobs.scan.manifest import read_plan
from cifake_core.jobs.scan.records import Plan, RunKey, shard_file
from cifake_core.jobs.scan.running import read_key
from cifake_core.jobs.scan.worker import MADE


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ScanReport:
    """What the shards of a run that are done hold.

    `pictures` counts all rows, `errors` those without a verdict; `shards` are done, of
    `plan.num_shards`. `verdicts` counts the decisions by name. `disagreement` is the
    number of judged pictures to which not all networks give the same label. `seconds`
    are those in which at least one worker was at work, `rate` is pictures a second of
    these, `peak_memory_mb` the most that a worker took, where the system tells.
    """

    plan: Plan
    key: RunKey
    pictures: int
    errors: int
    shards: int
    verdicts: Mapping[str, int]
    disagreement: int
    seconds: float
    peak_memory_mb: float | None

    @property
    def rate(self) -> float:
        """Pictures a second while workers were at work; 0 before anything is done."""
        return self.pictures / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """How a shard was made: when, in seconds since 1970, and by which process.

    `processor_seconds` are those in which a processor was at work on it.
    """

    started: float
    ended: float
    processor_seconds: float
    worker: int
    peak_memory_mb: float | None
    num_rows: int


def report(run: Path) -> ScanReport:
    """Report on the shards of a run that are done.

    Raises:
        NotMadeError: If the run was not planned, or not begun.
        ModelUnavailableError: If a record of it is damaged.
        JobError: If the manifest or a shard is damaged.
    """
    plan, key = read_plan(run), read_key(run)
    counts: Counter[str] = Counter()
    made = []
    for shard in range(plan.num_shards):
        path = shard_file(run, shard)
        if path.is_file():
            made.append(_count(path, list(key.weights), counts))
    peaks = [each.peak_memory_mb for each in made if each.peak_memory_mb]
    return ScanReport(
        plan=plan,
        key=key,
        pictures=counts["rows"],
        errors=counts["errors"],
        shards=len(made),
        verdicts={decision: counts[decision] for decision in DECISIONS},
        disagreement=counts["disagreement"],
        seconds=_seconds_at_work(made),
        peak_memory_mb=max(peaks, default=None),
    )


def made_of(path: Path) -> Made:
    """How a shard was made.

    Raises:
        JobError: If it is damaged.
    """
    try:
        return _made(parquet.read_schema(path), parquet.read_metadata(path).num_rows)
    except (pa.ArrowException, OSError, KeyError, ValueError, TypeError) as error:
        raise _damaged(path) from error


def _count(path: Path, networks: list[str], counts: Counter[str]) -> Made:
    """Count the rows of a shard; return how it was made."""
    labels = [f"{name}.label" for name in networks]
    try:
        with parquet.ParquetFile(path) as file:  # `read_table` loses nested names
            table = file.read(columns=["error", "verdict", *labels])
        made = _made(table.schema, len(table))
    except (pa.ArrowException, OSError, KeyError, ValueError, TypeError) as error:
        raise _damaged(path) from error
    judged = table.filter(pc.is_null(table["error"]))
    counts["rows"] += len(table)
    counts["errors"] += len(table) - len(judged)
    for each in pc.value_counts(judged["verdict"]).to_pylist():
        counts[each["values"]] += each["counts"]
    counts["disagreement"] += _num_apart(
        pc.struct_field(judged[name].combine_chunks(), "label") for name in networks
    )
    return made


def _num_apart(columns: Iterable[Any]) -> int:
    """Number of rows in which the labels of networks, a column each, differ."""
    apart = None
    for one, other in pairwise(columns):
        differ = pc.not_equal(one, other)
        apart = differ if apart is None else pc.or_(apart, differ)
    return 0 if apart is None else pc.sum(apart).as_py() or 0


def _made(schema: pa.Schema, num_rows: int) -> Made:
    """How a shard of this schema was made."""
    return Made(num_rows=num_rows, **json.loads(schema.metadata[MADE]))


def _seconds_at_work(made: Iterable[Made]) -> float:
    """Seconds in which at least one shard was being made."""
    total, until = 0.0, 0.0
    for each in sorted(made, key=lambda each: each.started):
        total += max(0.0, each.ended - max(each.started, until))
        until = max(until, each.ended)
    return total


def _damaged(path: Path) -> JobError:
    """Error of a shard that cannot be read."""
    msg = f"The shard {path} is damaged. Delete it, and `scan run` makes it again."
    return JobError(msg)
