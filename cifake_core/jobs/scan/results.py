"""Results of a scan, page by page, from its shards: what is kept of a row is small."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from cifake_core.basics.arrays import Rgb
from cifake_core.basics.errors import CifakeError, JobError
from cifake_core.basics.files import write_whole
from cifake_core.jobs.judging import Row
from cifake_core.jobs.results import OUTCOMES, Order, Outcome, Result
from cifake_core.jobs.scan.columns import rows_of_shard
from cifake_core.jobs.scan.manifest import items_of, read_plan
from cifake_core.jobs.scan.records import shard_file
from cifake_core.jobs.scan.running import read_key
from cifake_core.jobs.sinks.files import SINKS, check_sink
from cifake_core.jobs.sources.opening import open_many
from cifake_core.jobs.sources.protocol import Item
from cifake_core.networks import NETWORKS
from cifake_core.pictures.preprocessing import prepare
from cifake_core.pictures.reading import read_picture

_ERROR: Final = OUTCOMES.index("error")


class ScanResults:
    """Results of the shards that are done; see `Results`.

    The number of a result is that of its item in the manifest.

    Args:
        run: the folder of the run.

    Raises:
        NotMadeError: If the run was not planned, or not begun.
        ModelUnavailableError: If a record of it is damaged.
        JobError: If the manifest or a shard is damaged.
    """

    def __init__(self, run: Path) -> None:
        self._run = run
        self._plan, self._key = read_plan(run), read_key(run)
        shards = range(self._plan.num_shards)
        self._shards = [each for each in shards if shard_file(run, each).is_file()]
        parts = [self._part(shard) for shard in self._shards]
        empty = (np.zeros(0, np.int64), np.zeros(0, np.int8), np.zeros(0, np.float32))
        columns = zip(*(parts or [empty]), strict=True)
        #: (N,) number, place in `OUTCOMES`, and doubt of each, 0 for errors
        self._numbers, self._outcomes, self._doubts = map(np.concatenate, columns)

    @property
    def name(self) -> str:
        """Name for a file of them."""
        return f"scan-{self._run.name}"

    @property
    def known(self) -> Mapping[str, Sequence[str]]:
        """Generators that each network has learnt, by its name."""
        return self._key.known

    @property
    def sentences(self) -> Sequence[str]:
        """Sentences on the scope of the verdicts."""
        return self._key.sentences

    def counts(self) -> dict[Outcome, int]:
        """Number of results by what they are."""
        found = np.bincount(self._outcomes, minlength=len(OUTCOMES))
        return dict(zip(OUTCOMES, found.tolist(), strict=True))

    def page(
        self, *, outcome: Outcome | None, order: Order, first: int, most: int
    ) -> list[Result]:
        """Some of the results; see `Results`."""
        chosen = np.arange(len(self._numbers))
        if outcome is not None:
            chosen = np.flatnonzero(self._outcomes == OUTCOMES.index(outcome))
        keys = {
            "given": (),
            "decision": (self._outcomes[chosen],),
            "doubt": (-self._doubts[chosen], self._outcomes[chosen] == _ERROR),
            "sure": (self._doubts[chosen], self._outcomes[chosen] == _ERROR),
        }[order]
        if keys:
            chosen = chosen[np.lexsort((self._numbers[chosen], *keys))]
        return [self._result(place) for place in chosen[first : first + most].tolist()]

    def get(self, number: int) -> Result:
        """One result."""
        place = int(np.searchsorted(self._numbers, number))
        if self._numbers[place : place + 1].tolist() != [number]:
            msg = f"There is no result {number} in the scan {self._run}."
            raise JobError(msg)
        return self._result(place)

    def read(self, number: int) -> bytes:
        """Bytes of an item's file, which is looked up where it lay."""
        return open_many(self._plan.place).read(self._item(number).key)

    def export(self, path: Path) -> None:
        """Write all rows to a file; see `Results`."""
        check_sink(path)
        with write_whole(path) as scratch:
            SINKS[path.suffix.lower()](self._rows, scratch, scope=self._key)

    def _rows(self) -> Iterator[Row]:
        """Rows of all shards that were done."""
        for shard in self._shards:
            yield from rows_of_shard(shard_file(self._run, shard))

    def _part(
        self, shard: int
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int8], npt.NDArray[np.float32]]:
        """Number, place in `OUTCOMES` and doubt of each row of a shard."""
        networks = [name for name in self._key.weights if not NETWORKS[name].members]
        path = shard_file(self._run, shard)
        try:
            with parquet.ParquetFile(path) as file:
                columns = ["verdict", *(f"{name}.p_real" for name in networks)]
                table = file.read(columns=columns)
            found = pc.index_in(table["verdict"], pa.array(OUTCOMES[:_ERROR]))
            outcomes = pc.fill_null(found, _ERROR).to_numpy().astype(np.int8)
            p_real = np.mean([_p_real(table[name]) for name in networks], axis=0)
        except (pa.ArrowException, OSError, KeyError, ValueError) as error:
            msg = f"The shard {path} is damaged. Delete it; `scan run` makes it again."
            raise JobError(msg) from error
        first = shard * self._plan.shard_size
        numbers = np.arange(first, first + len(outcomes), dtype=np.int64)
        doubts = np.where(outcomes == _ERROR, 0, 2 * np.minimum(p_real, 1 - p_real))
        return numbers, outcomes, doubts.astype(np.float32)

    def _result(self, place: int) -> Result:
        """Result at a place of the columns."""
        number, kind = int(self._numbers[place]), int(self._outcomes[place])
        shard, row = divmod(number, self._plan.shard_size)
        table = parquet.read_table(
            shard_file(self._run, shard), columns=["path", "error"]
        )
        outcome = OUTCOMES[kind]
        return Result(
            number=number,
            path=table["path"][row].as_py(),
            error=table["error"][row].as_py(),
            decision=None if outcome == "error" else outcome,
            doubt=None if outcome == "error" else float(self._doubts[place]),
            pixels=None if outcome == "error" else self._pixels(number),
        )

    def _pixels(self, number: int) -> Rgb | None:
        """The picture as the networks saw it, if it is still where it lay."""
        try:
            return prepare(read_picture(self.read(number)).pixels).pixels
        except CifakeError:
            return None

    def _item(self, number: int) -> Item:
        """Item of the manifest."""
        shard, row = divmod(number, self._plan.shard_size)
        return items_of(self._run, shard)[row]


def _p_real(column: pa.ChunkedArray) -> npt.NDArray[np.float64]:
    """Probability of REAL in each row, NaN where there is none."""
    values = pc.struct_field(column.combine_chunks(), "p_real")
    return np.asarray(values.to_numpy(zero_copy_only=False), np.float64)
