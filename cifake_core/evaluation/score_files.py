"""Scores on disk: one table a network, tied to the weights that made them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.data.archive import same_names
from cifake_core.networks import store

_WORDS: Final = {
    store.SCORES_FILE: "test",
    store.CORRUPTIONS_FILE: "corruption",
    store.VALIDATION_FILE: "validation",
}
_ORIGINS: Final = {
    store.SCORES_FILE: "Make them with `python -m cifake_core evaluate {} --save`.",
    store.CORRUPTIONS_FILE: (
        "Make them with `python -m cifake_core evaluate {} --corruptions --save`."
    ),
    store.VALIDATION_FILE: "They come with `python -m cifake_core train {}`.",
}

#: A column of any type.
Column = npt.NDArray[Any]


def write_table(
    columns: Mapping[str, Column], path: Path, *, model_sha256: str
) -> None:
    """Write `columns`, all (N,), to the Parquet file `path`, whole or not at all."""
    table = pd.DataFrame({**columns, "model_sha256": model_sha256})
    scratch = path.with_name(f"part.{path.name}")
    table.to_parquet(scratch, index=False)
    scratch.replace(path)


def read_table(
    name: str, folder: Path, file: str, *, columns: Sequence[str]
) -> dict[str, Column]:
    """Return columns of a file of scores of the network in `folder`.

    Args:
        name: what commands call it: its own name, or the folder of a run.
        folder: of a network with weights of its own.
        file: one of the files of scores in `store`.
        columns: of which "members" is one.

    Raises:
        ModelUnavailableError: If the file is missing, corrupted or made with other
            weights.
    """
    path = folder / file
    if not path.is_file():
        msg = f"There are no {_WORDS[file]} scores for {name!r}. {_origin(name, file)}"
        raise ModelUnavailableError(msg)
    try:
        table = pd.read_parquet(path)
        found = {column: table[column].to_numpy() for column in columns}
        made_with = set(table["model_sha256"].unique())
    except (OSError, ValueError, KeyError) as error:
        msg = f"The scores {path} cannot be read. {_origin(name, file)}"
        raise ModelUnavailableError(msg) from error
    if made_with != {store.load_card(folder)["model_sha256"]}:
        msg = f"The scores {path} were made with other weights. {_origin(name, file)}"
        raise ModelUnavailableError(msg)
    return found | {"members": found["members"].astype(np.str_)}


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
