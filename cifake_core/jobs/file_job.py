"""Job of the command line: pictures of many places, judged into one file of rows."""

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cifake_core.basics.errors import JobError
from cifake_core.basics.files import write_whole
from cifake_core.basics.labels import DECISIONS
from cifake_core.basics.progress import ProgressCallback, tell_nobody
from cifake_core.jobs import made_with
from cifake_core.jobs.journal import Entry, Journal
from cifake_core.jobs.judging import Row, judge_items, rows_of
from cifake_core.jobs.locking import only_one
from cifake_core.jobs.sinks.files import SINKS, check_sink
from cifake_core.jobs.sources.opening import open_any
from cifake_core.jobs.sources.protocol import Item, Source
from cifake_core.networks.pool import NetworkPool
from cifake_core.verdicts import scope
from cifake_core.verdicts.judge import Judge
from cifake_core.verdicts.scope import Scope

_JOURNAL_FILE: Final = "journal.jsonl"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class JobSummary:
    """What came of a job: pictures, those that could not be judged, decisions by name.

    `scope` is that of the verdicts.
    """

    pictures: int
    errors: int
    verdicts: dict[str, int]
    scope: Scope


class FileJob:
    """Job that judges all pictures of some places and writes their rows to a file.

    The file appears when it is whole. Until then the rows lie in a folder beside it,
    from which a job that was stopped or killed goes on.

    Args:
        places: files, folders, zips or buckets' URLs.
        out: the file, whose ending says what is written.
        pool: our own networks and those that are asked.
        networks: whose predictions are given.

    Raises:
        JobError: If the file's name ends in nothing that can be written.
    """

    def __init__(
        self,
        places: Sequence[str],
        out: Path,
        *,
        pool: NetworkPool,
        networks: Sequence[str],
    ) -> None:
        check_sink(out)
        self._places = places
        self._out = out
        self._folder = out.with_name(f".{out.name}.job")
        self._pool = pool
        self._networks = networks
        order = {
            "places": list(places),
            "networks": list(networks),
            "weights": made_with.weights(pool.models),
            "policy": made_with.policy(pool.models),
        }
        self._journal = Journal(self._folder / _JOURNAL_FILE, order)

    def run(
        self, *, resume: bool, progress: ProgressCallback = tell_nobody
    ) -> JobSummary:
        """Judge what is not judged yet, and write the file.

        Args:
            resume: go on with what was begun, instead of beginning anew.
            progress: told the share of what was left at the start, 0 to 1.

        Raises:
            JobError: If a place cannot be used, another job was begun there, or
                another process is at work on it.
            OSError: If the file cannot be written.
        """
        sources = [open_any(place) for place in self._places]
        self._folder.mkdir(parents=True, exist_ok=True)
        with only_one(self._folder, f"The job of {self._out.name}"):
            done: set[tuple[int, str]] = set()
            if resume:
                done = self._journal.go_on()
            else:
                self._journal.begin()
            left = [
                [item for item in _listed(source) if (number, item.key) not in done]
                for number, source in enumerate(sources)
            ]
            self._judge(sources, left, progress)
            summary = self._write()
        shutil.rmtree(self._folder, ignore_errors=True)
        return summary

    def _judge(
        self,
        sources: Sequence[Source],
        left: Sequence[Sequence[Item]],
        progress: ProgressCallback,
    ) -> None:
        """Judge what is left of each source, and keep the rows."""
        judge = Judge(self._pool)
        total, done = sum(map(len, left)), 0
        for number, (source, items) in enumerate(zip(sources, left, strict=True)):
            for batch in judge_items(judge, source, items, networks=self._networks):
                self._journal.append(
                    Entry(source=number, key=each.item.key, rows=rows_of(each))
                    for each in batch
                )
                done += len(batch)
                progress(done / total)

    def _write(self) -> JobSummary:
        """Write the file from the journal."""
        models = self._pool.models
        known = scope.scope_of(made_with.weights(models), models)
        with write_whole(self._out) as scratch:
            write = SINKS[self._out.suffix.lower()]
            write(self._journal.rows, scratch, scope=known)
        return _summary(self._journal.rows(), self._networks[0], known)


def _listed(source: Source) -> Iterator[Item]:
    """Items of a source, one at the least."""
    is_empty = True
    for item in source.items():
        is_empty = False
        yield item
    if is_empty:
        msg = f"{source.place} holds no files. Expected pictures, such as JPEG or PNG."
        raise JobError(msg)


def _summary(rows: Iterator[Row], network: str, known: Scope) -> JobSummary:
    """Summary of rows, of which a judged picture has one for `network`."""
    counts: Counter[str] = Counter()
    for row in rows:
        if "error" in row:
            counts["error"] += 1
        elif row["network"] == network:
            counts[row["verdict"]] += 1
    return JobSummary(
        pictures=counts.total(),
        errors=counts["error"],
        verdicts={decision: counts[decision] for decision in DECISIONS},
        scope=known,
    )
