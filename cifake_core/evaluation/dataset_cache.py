"""Answers on a data set of one's own, computed once and kept in the user's cache.

Each part of a set has a file of its own, so that nothing is asked of the sealed test
part before somebody looks at it.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from cifake_core.basics.artefacts import Artefact
from cifake_core.basics.errors import DatasetError, ModelUnavailableError
from cifake_core.basics.places import cache_folder
from cifake_core.basics.progress import ProgressCallback, part_of, tell_nobody
from cifake_core.data.datasets.records import PARTS, DataSetPictures, Part
from cifake_core.evaluation.score_files import Column, read_columns, write_table

#: Answers on pictures: (N,) columns by their names.
Answers: TypeAlias = Mapping[str, Column]
#: Asks about pictures, and tells the share done.
Ask: TypeAlias = Callable[[DataSetPictures, ProgressCallback], Answers]

_OF_EACH: Final = (
    "images",
    "labels",
    "object_classes",
    "generators",
    "members",
    "hashes",
    "parts",
)
#: Of a set's digest, as much as a file's name has room for.
_SHORT: Final = 20


def some_of(
    pictures: DataSetPictures, chosen: npt.NDArray[np.bool_]
) -> DataSetPictures:
    """The pictures of a set that `chosen`, (N,) bool, marks."""
    held = {name: getattr(pictures, name)[chosen] for name in _OF_EACH}
    return replace(pictures, **held)


def answers_on(  # noqa: PLR0913 - what is asked, of whom: by keyword
    pictures: DataSetPictures,
    ask: Ask,
    *,
    what: str,
    by: str,
    columns: Sequence[str],
    progress: ProgressCallback = tell_nobody,
) -> dict[str, Column]:
    """Answers on the pictures: those that are kept, else asked for and kept.

    Args:
        pictures: whole parts of a set.
        ask: finds the answers on the pictures of one part.
        what: is answered; it ends the file's name.
        by: SHA-256 of the weights that answer.
        columns: their names.
        progress: told the share done, if something has to be asked.

    Returns:
        (N,) columns by their names, in the order of the pictures.

    Raises:
        DatasetError: If the answers cannot be kept.
    """
    found: dict[str, Column] = {}
    done, total = 0, len(pictures.parts)
    for part in PARTS:
        chosen = pictures.parts == part
        if not chosen.any():
            continue
        share = part_of(progress, done / total, (done + chosen.sum()) / total)
        mine = some_of(pictures, chosen)
        path = _place(mine, part, what=what, by=by)
        for name, column in _one_part(mine, ask, path, by, columns, share).items():
            found.setdefault(name, np.empty(total, column.dtype))[chosen] = column
        done += int(chosen.sum())
    return found


def are_kept(pictures: DataSetPictures, *, what: str, by: str) -> bool:
    """True if there are answers on each part of the pictures."""
    parts: list[Part] = [each for each in PARTS if (pictures.parts == each).any()]
    return all(_place(pictures, part, what=what, by=by).is_file() for part in parts)


def _one_part(  # noqa: PLR0913, PLR0917 - as `answers_on`
    pictures: DataSetPictures,
    ask: Ask,
    path: Path,
    by: str,
    columns: Sequence[str],
    progress: ProgressCallback,
) -> dict[str, Column]:
    """Answers on the pictures of one part, from its file or asked for."""
    artefact = Artefact(path, what="kept answers", remedy="They are made again.")
    with suppress(ModelUnavailableError):  # missing, damaged or of others: made again
        held, made_with = read_columns(artefact, (*columns, "members"))
        if made_with == by and np.array_equal(held["members"], pictures.members):
            return {name: held[name] for name in columns}
    answers = ask(pictures, progress)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_table({**answers, "members": pictures.members}, path, model_sha256=by)
    except OSError as error:
        msg = (
            f"The answers on {pictures.name!r} cannot be kept in {path.parent}: "
            f"{error}. Make room there and try again."
        )
        raise DatasetError(msg) from error
    return {name: np.asarray(answers[name]) for name in columns}


def _place(pictures: DataSetPictures, part: Part, *, what: str, by: str) -> Path:
    """File of the answers on one part."""
    name = f"{pictures.digest[:_SHORT]}-{part}-{by}-{what}.parquet"
    return cache_folder() / "scores" / name
