"""Judging of many items, some at a time."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, TypeAlias

from cifake_core.basics.errors import InvalidImageError
from cifake_core.jobs.sources.protocol import Item, Source
from cifake_core.pictures.preprocessing import prepare
from cifake_core.pictures.reading import read_picture
from cifake_core.pictures.records import PreparedPicture
from cifake_core.verdicts.judge import Judge
from cifake_core.verdicts.records import Verdict
from cifake_core.verdicts.rows import error_row, verdict_rows

#: Row of results: JSON values by the keys of `predict --json`.
Row: TypeAlias = dict[str, Any]

#: Pictures judged at once; a picture is kept at 32x32 pixels meanwhile.
BATCH: Final = 128


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Judged:
    """Item with its verdict, or with the sentence on why it has none."""

    item: Item
    verdict: Verdict | None = None
    fault: str = ""


def judge_items(
    judge: Judge,
    source: Source,
    items: Iterable[Item],
    *,
    networks: Sequence[str] | None = None,
) -> Iterator[list[Judged]]:
    """Yield the items in their order, judged, at most `BATCH` at a time.

    Args:
        judge: of the pictures.
        source: has their bytes.
        items: of that source.
        networks: whose predictions to give; all of ours by default.

    Raises:
        ModelUnavailableError: If there are no trained networks.
    """
    waiting = iter(items)

    def read() -> list[tuple[Item, PreparedPicture | str]]:
        """Read the next items."""
        batch = islice(waiting, BATCH)
        return [(item, _prepared(source, item)) for item in batch]

    with ThreadPoolExecutor(1, thread_name_prefix="reading") as reader:
        batch = read()
        while batch:
            ahead = reader.submit(read)  # while the networks are asked
            yield _judged(judge, batch, networks)
            batch = ahead.result()


def rows_of(judged: Judged) -> list[Row]:
    """Rows of one item, as `predict --json` has them: one a network, or its error."""
    path, verdict = judged.item.path, judged.verdict
    if verdict is None:
        return [error_row(path, judged.fault)]
    return verdict_rows(path, verdict, tuple(verdict.predictions))


def _judged(
    judge: Judge,
    batch: Sequence[tuple[Item, PreparedPicture | str]],
    networks: Sequence[str] | None,
) -> list[Judged]:
    """Items whose pictures are read, judged."""
    pictures = [found for _, found in batch if isinstance(found, PreparedPicture)]
    verdicts = iter(judge.judge_all(pictures, networks=networks))
    return [
        Judged(item=item, fault=found)
        if isinstance(found, str)
        else Judged(item=item, verdict=next(verdicts))
        for item, found in batch
    ]


def _prepared(source: Source, item: Item) -> PreparedPicture | str:
    """Picture of an item at the networks' size, or the sentence on why it is none."""
    if item.fault:
        return item.fault
    try:
        return prepare(read_picture(source.read(item.key)).pixels)
    except InvalidImageError as error:
        return str(error)
