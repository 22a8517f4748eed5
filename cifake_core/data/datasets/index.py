"""Index of a data set on disk: its card and a row for each picture that is used."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from cifake_core.basics.artefacts import Artefact, check_schema
from cifake_core.basics.errors import DatasetError
from cifake_core.basics.files import write_whole
from cifake_core.basics.labels import LABELS
from cifake_core.basics.text import enumerated
from cifake_core.data.archive import content_digest
from cifake_core.data.datasets.records import (
    CIFAKE_SETS,
    PARTS,
    UNLABELLED,
    DataSetCard,
    Part,
)

CARD_FILE: Final = "card.json"
INDEX_FILE: Final = "index.parquet"
#: Columns of the index, in the order of the table; see `entries.Entries`. `by_hand` is
#: True where the source gives no label: only there one may be given.
COLUMNS: Final = (
    *("member", "sha256", "pixels", "num_bytes"),
    *("label", "generator", "object_class", "part", "by_hand"),
)
#: Under which a card counts pictures that are no fakes.
_BUCKETS: Final = {LABELS.index("REAL"): "REAL", UNLABELLED: "UNLABELLED"}
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
#: Begins the name of a folder of a set that was removed; no set is called so.
_REMOVED: Final = ".removed-"
_SCHEMA_KEY: Final = b"schema"
_SCHEMA: Final = 1


def write_card(card: DataSetCard, folder: Path) -> Path:
    """Write the card of a set to its folder; return the file."""
    return _artefact(folder, CARD_FILE).write(card)


def read_card(folder: Path) -> DataSetCard:
    """Card of the set in a folder.

    Raises:
        ModelUnavailableError: If it is missing or damaged.
    """
    return _artefact(folder, CARD_FILE).read(DataSetCard)


def write_index(table: pd.DataFrame, folder: Path) -> Path:
    """Write the rows of a set, whole or not at all; return the file.

    Args:
        table: with the columns COLUMNS, perhaps among others.
        folder: of the set.
    """
    path = folder / INDEX_FILE
    rows = pa.Table.from_pandas(table[list(COLUMNS)], preserve_index=False)
    with write_whole(path) as scratch:
        pq.write_table(
            rows.replace_schema_metadata({_SCHEMA_KEY: str(_SCHEMA)}), scratch
        )
    return path


def read_index(folder: Path) -> pd.DataFrame:
    """Rows of the set in a folder, with the columns COLUMNS.

    Raises:
        ModelUnavailableError: If they are missing or damaged.
    """
    artefact = _artefact(folder, INDEX_FILE)
    with artefact.reading(), _arrow_errors():
        table = pq.read_table(artefact.path)
        found = int((table.schema.metadata or {}).get(_SCHEMA_KEY, 0))
        check_schema(found, _SCHEMA)
        frame = table.select(COLUMNS).to_pandas()
        return frame.astype({"label": np.int8, "object_class": np.int8})


def digest(table: pd.DataFrame) -> str:
    """Digest over the names, labels and hashes of the pictures of an index."""
    rows = zip(
        table["label"],
        table["generator"],
        table["member"],
        table["sha256"],
        strict=True,
    )
    return content_digest(
        {
            f"{label}/{made_by}/{member}": sha256
            for label, made_by, member, sha256 in rows
        }
    )


def counts(table: pd.DataFrame) -> dict[Part, dict[str, int]]:
    """Pictures of an index by part and generator."""
    bucket = table["label"].map(_BUCKETS).fillna(table["generator"])
    return {
        part: dict(sorted(Counter(bucket[table["part"] == part]).items()))
        for part in PARTS
    }


def names(root: Path) -> list[str]:
    """Names of the data sets there are."""
    found = root.glob(f"[!.]*/{CARD_FILE}")
    return sorted(path.parent.name for path in found)


def folder_of(name: str, root: Path) -> Path:
    """Folder of a data set that there is."""
    found = names(root)
    if name not in found:
        there = f"There are {enumerated(found)}." if found else "There is none yet."
        msg = (
            f"There is no data set called {name!r}. {there} Add one with `python -m "
            "cifake_core data add NAME PATH`."
        )
        raise DatasetError(msg)
    return root / name


def check_new(name: str, root: Path) -> None:
    """Raise `DatasetError` if a set cannot be called `name`."""
    if not _NAME.fullmatch(name):
        msg = (
            f"A data set cannot be called {name!r}. Expected up to 40 small letters, "
            "digits, - and _, the first a letter or digit."
        )
        raise DatasetError(msg)
    if name in CIFAKE_SETS:
        msg = (
            f"A data set cannot be called {name!r}: so is one of CIFAKE's own. Choose "
            "another name."
        )
        raise DatasetError(msg)
    if name in names(root):
        msg = (
            f"There is a data set called {name} already. Choose another name, or "
            f"forget that one with `python -m cifake_core data remove {name}`."
        )
        raise DatasetError(msg)


def aside(name: str, root: Path) -> Path:
    """Folder where a data set lies that was removed last of its name."""
    return root / f"{_REMOVED}{name}"


def asides(root: Path) -> list[Path]:
    """Folders of all data sets that were removed and can be brought back, sorted."""
    return sorted(root.glob(f"{_REMOVED}*/"))


def _artefact(folder: Path, file: str) -> Artefact:
    """One of the files of a set."""
    return Artefact(
        folder / file,
        what="index of a data set" if file == INDEX_FILE else "card of a data set",
        remedy=(
            f"Forget the set with `python -m cifake_core data remove {folder.name}`, "
            "and add it again with `data add`."
        ),
    )


@contextmanager
def _arrow_errors() -> Iterator[None]:
    """Context in which what Arrow alone raises is a ValueError, as for other files."""
    try:
        yield
    except pa.ArrowException as error:
        raise ValueError(str(error)) from error
