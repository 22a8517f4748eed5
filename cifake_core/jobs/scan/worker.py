"""Worker of a scan: one shard after the other becomes one file after the other.

It holds the networks on the fast engine, never TensorFlow.
"""

import json
import os
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import cv2
import pyarrow as pa
from pyarrow import parquet

from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.memory import peak_memory
from cifake_core.basics.silence import quiet
from cifake_core.jobs.judging import judge_items
from cifake_core.jobs.scan.columns import row_of, schema_of
from cifake_core.jobs.scan.manifest import items_of
from cifake_core.jobs.scan.records import ScanOrder, shard_file
from cifake_core.jobs.sources.opening import open_many
from cifake_core.networks.pool import NetworkPool
from cifake_core.networks.runtimes.answering import AnsweringNetwork, load_answering
from cifake_core.verdicts.judge import Judge
from cifake_core.verdicts.scope import scope_of, scope_to_json

#: Keys of a shard's metadata: JSON of how it was made, and the scope's sentences.
MADE: bytes = b"made"
SCOPE_WORDS: bytes = b"scope"


class ShardJudge:
    """Judge of shards; it has one processor to itself.

    Args:
        order: the run, its source and the folder of networks.
        networks: ready to answer; by default those of the folder on the fast engine.

    Raises:
        CifakeError: If the source or a network cannot be used.
    """

    def __init__(self, order: ScanOrder, networks: NetworkPool | None = None) -> None:
        cv2.setNumThreads(1)
        self._run = order.run
        self._source = open_many(order.place)
        self._pool = networks or NetworkPool(order.models, load=_load)
        self._judge = Judge(self._pool)
        for name in self._pool.names():
            self._pool.network(name)

    def scan(self, shard: int, go_on: Callable[[], object] = lambda: None) -> int:
        """Judge a shard into its file, which appears when it is whole.

        Args:
            shard: its number.
            go_on: called now and then; what it raises ends the work.

        Returns:
            How many pictures the shard has.

        Raises:
            OSError: If the file cannot be written.
        """
        started, spent = time.time(), time.process_time()
        rows = []
        for batch in judge_items(self._judge, self._source, items_of(self._run, shard)):
            rows += [row_of(each) for each in batch]
            go_on()
        made = {
            "started": started,
            "ended": time.time(),
            "processor_seconds": time.process_time() - spent,
            "worker": os.getpid(),
            "peak_memory_mb": peak_memory(),
        }
        _write(pa.Table.from_pylist(rows, self._schema(made)), self._run, shard)
        return len(rows)

    def _schema(self, made: Mapping[str, object]) -> pa.Schema:
        """Schema of a shard with how it was made."""
        names, models = self._pool.names(), self._pool.models
        hashes = {name: self._pool.network(name).sha256 for name in names}
        scope = scope_of(hashes, models)
        return schema_of(
            names,
            has_scope=bool(scope_to_json(scope)),
            metadata={
                MADE.decode(): json.dumps(made),
                SCOPE_WORDS.decode(): " ".join(scope.sentences),
            },
        )


def _write(table: pa.Table, run: Path, shard: int) -> None:
    """Write a shard's file beside its place and rename it.

    A worker whose scan was killed may still be at the same shard: each has a file of
    its own to write to, and either's is whole.
    """
    place = shard_file(run, shard)
    scratch = place.with_name(f"part.{uuid.uuid4().hex}.{place.name}")
    try:
        parquet.write_table(table, scratch, compression="zstd")
        scratch.replace(place)
    finally:
        with suppress(OSError):
            scratch.unlink(missing_ok=True)


def _load(folder: Path) -> AnsweringNetwork:
    """Network of a folder on the fast engine, for one thread."""
    with quiet():  # the engine tells of itself
        network = load_answering(folder, num_threads=1)
    if network is None:
        msg = (
            f"The network in {folder} has no converted file, which scans need. Promote "
            "it again with `python -m cifake_core train --promote RUN`."
        )
        raise ModelUnavailableError(msg)
    return network
