"""Scores on disk: one Parquet table a network, tied to the weights that made them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from cifake_core.basics.artefacts import Artefact, check_schema
from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.files import write_whole
from cifake_core.data.archive import same_names
from cifake_core.networks import store

_WORDS: Final = {
    store.SCORES_FILE: "table of test scores",
    store.CORRUPTIONS_FILE: "table of corruption scores",
    store.VALIDATION_FILE: "table of validation scores",
}
_ORIGINS: Final = {
    store.SCORES_FILE: "Make it with `python -m cifake_core evaluate {} --save`.",
    store.CORRUPTIONS_FILE: (
        "Make it with `python -m cifake_core evaluate {} --corruptions --save`."
    ),
    store.VALIDATION_FILE: "It comes with `python -m cifake_core train {}`.",
}
#: In the table's metadata; a table without it was made before there was another.
_SCHEMA_KEY: Final = b"schema"
_SCHEMA: Final = b"1"
_WEIGHTS: Final = "model_sha256"

#: A column of any type.
Column = npt.NDArray[Any]


def write_table(
    columns: Mapping[str, Column], path: Path, *, model_sha256: str
) -> None:
    """Write `columns`, all (N,), to the Parquet file `path`, whole or not at all.

    Raises:
        OSError: If it cannot be written.
    """
    hashes = np.full(len(next(iter(columns.values()))), model_sha256)
    table = pa.table({**columns, _WEIGHTS: hashes}, metadata={_SCHEMA_KEY: _SCHEMA})
    with write_whole(path) as scratch:
        pq.write_table(table, scratch)


def read_table(
    name: str, folder: Path, file: str, *, columns: Sequence[str]
) -> dict[str, Column]:
    """Columns of a file of scores of the network in `folder`.

    Args:
        name: what commands call it: its own name, or the folder of a run.
        folder: of a network with weights of its own.
        file: one of the files of scores in `store`.
        columns: of which "members" is one.

    Raises:
        ModelUnavailableError: If the file is missing, damaged, of another schema or
            made with other weights.
    """
    artefact = Artefact(folder / file, what=_WORDS[file], remedy=_origin(name, file))
    found, weights = read_columns(artefact, columns)
    artefact.check_weights(
        {name: weights}, {name: store.load_card(folder).model_sha256}
    )
    return found


def read_columns(
    artefact: Artefact, columns: Sequence[str]
) -> tuple[dict[str, Column], str]:
    """Columns of a table of scores, and the SHA-256 of the weights that made it.

    Args:
        artefact: the table that `write_table` wrote.
        columns: of which "members" is one.

    Raises:
        ModelUnavailableError: If the file is missing, damaged or of another schema.
    """
    with artefact.reading(), _arrow_errors():
        table = pq.read_table(artefact.path)
        schema = (table.schema.metadata or {}).get(_SCHEMA_KEY, _SCHEMA)
        check_schema(int(schema), int(_SCHEMA))
        found = {column: table[column].to_numpy() for column in columns}
        weights = " and ".join(table[_WEIGHTS].unique().to_pylist())
    return found | {"members": found["members"].astype(np.str_)}, weights


@contextmanager
def _arrow_errors() -> Iterator[None]:
    """Context in which what Arrow alone raises is a ValueError, as for other files."""
    try:
        yield
    except pa.ArrowException as error:
        raise ValueError(str(error)) from error


def check_same_pictures(members: Mapping[str, npt.NDArray[np.str_]], file: str) -> None:
    """Raise `ModelUnavailableError` unless networks were asked about the same.

    Args:
        members: for each network's name the pictures' paths in its data set.
        file: the file of scores they are from.
    """
    first, *others = members.values()
    if not all(same_names(first, each) for each in others):
        msg = (
            f"The scores of {' and '.join(members)} are not on the same pictures. "
            + " ".join(_origin(name, file) for name in members)
        )
        raise ModelUnavailableError(msg)


def _origin(name: str, file: str) -> str:
    """Return the sentence on how to make a file of scores of `name`."""
    return _ORIGINS[file].format(name)
