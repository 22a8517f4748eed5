"""The protocol of engines."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from cifake_core.jobs.scan.records import ScanOrder

#: How many workers may die over a shard before it is given up.
MAX_DEATHS: Final = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class ShardEnd:
    """End of a shard: its file is there, or too many workers died over it."""

    shard: int
    is_done: bool


class Engine(Protocol):
    """Workers that turn shards into files, several at once."""

    def work(
        self, order: ScanOrder, shards: Sequence[int]
    ) -> Generator[ShardEnd, None, None]:
        """Yield the end of each shard as it comes; closing it ends the workers.

        A worker that dies is replaced and its shard done again; the others go on.

        Raises:
            JobError: If the engine is not there, or a worker cannot do its work.
        """
