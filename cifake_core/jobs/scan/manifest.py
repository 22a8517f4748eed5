"""Manifest of a scan: every item of a source, in Parquet, a row group a shard.

Columns: `path`, relative to the source; `key`, the bytes of what the source finds the
item by; `fault`, the sentence on an item that is not to be opened, "" for others.
"""

import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import pyarrow as pa
from pyarrow import parquet

from cifake_core.basics.artefacts import Artefact
from cifake_core.basics.errors import JobError
from cifake_core.basics.files import file_sha256, scratch_folder
from cifake_core.jobs.scan.records import MANIFEST_FILE, PLAN_FILE, SHARDS_FOLDER, Plan
from cifake_core.jobs.sources.opening import open_many
from cifake_core.jobs.sources.protocol import Item, Source

#: Items of a shard: half a minute of work, so that little is lost with a worker.
SHARD_SIZE: Final = 1_000

_SCHEMA: Final = pa.schema(
    {"path": pa.string(), "key": pa.binary(), "fault": pa.string()}
)
_SURROGATES: Final = "surrogateescape"


def make_plan(
    place: str,
    run: Path,
    *,
    shard_size: int = SHARD_SIZE,
    repeat: int = 1,
) -> Plan:
    """List a source, and make the folder of a run with its plan, whole or not at all.

    Args:
        place: a folder, a zip or a bucket's URL.
        run: the folder to make.
        shard_size: items of a shard.
        repeat: how often each item stands in the manifest; more than once is for
            measuring, under the path with a number before it.

    Raises:
        JobError: If the source cannot be used or is empty, or the folder is there.
        OSError: If the folder cannot be made.
    """
    if run.exists() and (not run.is_dir() or any(run.iterdir())):
        msg = (
            f"{run} is there already. Go on with it by `scan run`, or name another "
            "folder with --out."
        )
        raise JobError(msg)
    source = open_many(place)
    run.parent.mkdir(parents=True, exist_ok=True)
    with scratch_folder(run) as scratch:
        count = _write(source, scratch, shard_size, repeat)
        if not count:
            msg = f"{place} holds no files. Expected pictures, such as JPEG or PNG."
            raise JobError(msg)
        plan = Plan(
            place=_absolute(place),
            num_items=count,
            num_shards=-(-count // shard_size),
            shard_size=shard_size,
            manifest_sha256=file_sha256(scratch / MANIFEST_FILE),
        )
        _artefact(scratch).write(plan)
        (scratch / SHARDS_FOLDER).mkdir()
        if run.exists():  # an empty folder
            run.rmdir()
        shutil.move(scratch, run)
    return plan


def read_plan(run: Path) -> Plan:
    """Plan of a run, whose manifest is the one it was made with.

    Raises:
        NotMadeError: If there is none.
        ModelUnavailableError: If it is damaged.
        JobError: If the manifest is missing or another one.
    """
    plan = _artefact(run).read(Plan)
    manifest = run / MANIFEST_FILE
    if not manifest.is_file() or file_sha256(manifest) != plan.manifest_sha256:
        msg = (
            f"The manifest {manifest} is missing or not the one that was planned. Put "
            "it back, or plan another run."
        )
        raise JobError(msg)
    return plan


def items_of(run: Path, shard: int) -> list[Item]:
    """Items of one shard."""
    with parquet.ParquetFile(run / MANIFEST_FILE) as file:
        rows = file.read_row_group(shard).to_pylist()
    return [
        Item(
            path=row["path"],
            key=row["key"].decode("utf-8", _SURROGATES),
            fault=row["fault"],
        )
        for row in rows
    ]


def _write(source: Source, folder: Path, shard_size: int, repeat: int) -> int:
    """Write the manifest; return the number of its items."""
    count = 0
    waiting = _repeated(source, repeat)
    with parquet.ParquetWriter(folder / MANIFEST_FILE, _SCHEMA) as writer:
        while shard := list(islice(waiting, shard_size)):
            columns = {
                "path": [item.path for item in shard],
                "key": [item.key.encode("utf-8", _SURROGATES) for item in shard],
                "fault": [item.fault for item in shard],
            }
            writer.write_table(pa.table(columns, _SCHEMA), row_group_size=shard_size)
            count += len(shard)
    return count


def _repeated(source: Source, repeat: int) -> Iterator[Item]:
    """Items of a source, so many times."""
    if repeat == 1:
        yield from source.items()
        return
    for number in range(repeat):
        for item in source.items():
            path = f"{number:06}/{item.path}"
            yield Item(path=path, key=item.key, fault=item.fault)


def _absolute(place: str) -> str:
    """Place as any folder finds it again."""
    return place if "://" in place else str(Path(place).expanduser().resolve())


def _artefact(run: Path) -> Artefact:
    """The plan of a run."""
    return Artefact(
        run / PLAN_FILE,
        what="plan of a scan",
        remedy="Make it with `python -m cifake_core scan plan SOURCE --out RUN`.",
    )
