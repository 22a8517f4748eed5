"""The protocol of sources, and the record of one item."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """Item of a source: one file, judged or said to be unusable.

    `path` is relative to the source, with slashes, fit for any file of results; `key`
    is what the source finds the item by and no two items share, where bytes that are
    no UTF-8 stand as lone surrogates (`os.fsencode` has them). `fault` is the sentence
    on an item that is not to be opened, "" for all others.
    """

    path: str
    key: str
    fault: str = ""


class Source(Protocol):
    """Where pictures lie: files, a folder, a zip, a bucket.

    `place` is what a person named; processes that open the same place find the same
    items.
    """

    place: str

    def items(self) -> Iterator[Item]:
        """Every item, in an order that is always the same.

        Raises:
            JobError: If the source cannot be listed, or is beyond its bounds.
        """

    def read(self, key: str) -> bytes:
        """Bytes of an item, of which no more are read than a picture may have.

        Raises:
            InvalidImageError: If they cannot be read.
        """


def printable(name: str) -> str:
    r"""Name of a file as UTF-8 can hold it: other bytes become `\xff`."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
