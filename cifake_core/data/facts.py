"""Facts on the data set: computed once from the pictures, stored, read by pages.

The figures stand in a JSON file, the arrays in a file beside it; what follows for
a network is computed from its stored scores.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from cifake_core.basics import files
from cifake_core.basics.arrays import Floats, Rgb
from cifake_core.basics.errors import DatasetError
from cifake_core.basics.estimates import Estimate, proportion
from cifake_core.basics.labels import LABELS, OBJECT_CLASSES, Label
from cifake_core.data.archive import names_sha256
from cifake_core.pictures.statistics import Spectrum

FACTS_FILE: Final = "data_facts.json"
ARRAYS_FILE: Final = "data_facts.npz"
#: A picture whose `color_spread` is lower than this, of 255, is almost grey.
GREY_BELOW: Final = 3.0

_MAKE: Final = "Make them with `python -m cifake_core data facts`."


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyRow:
    """How many pairs of the same bytes there are of one label and object class."""

    label: Label
    object_class: str
    within_train: int
    within_test: int
    across: int


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Part:
    """How often `n` pictures are rightly called; 0, from 0 to 1, if there are none."""

    n: int
    accuracy: Estimate


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class DataFacts:
    """What `data facts` found.

    `counts` is pictures by class folder; `duplicates` as in
    `dataset.duplicate_facts`, `copies` by label and class where there are any.
    `cues` says how often a least-squares fit, on a few figures of each training
    picture, is right on the test pictures. `spectra` are those of the test
    pictures by label.

    `labels` (N,) int8 and `spreads` (N,) float16, of `color_spread`, are those of
    the test pictures, in the order of the files whose names `members_sha256` is
    of. `means` is (2, 10, 32, 32, 3) uint8: the mean test picture of each label
    and object class, black where there is none.
    """

    data_digest: str
    members_sha256: str
    counts: Mapping[str, int]
    duplicates: Mapping[str, int]
    copies: tuple[CopyRow, ...]
    cues: Mapping[str, Part]
    spectra: Mapping[Label, Spectrum]
    labels: npt.NDArray[np.int8]
    spreads: npt.NDArray[np.float16]
    means: npt.NDArray[np.uint8]

    @property
    def near_grey(self) -> npt.NDArray[np.bool_]:
        """(N,) True for the test pictures that are almost grey."""
        return self.spreads < GREY_BELOW

    @property
    def spectrum_difference(self) -> Floats:
        """(32, 32) float32 decibels: the spectrum of FAKE less that of REAL."""
        return self.spectra["FAKE"].decibels - self.spectra["REAL"].decibels

    def grey_share(self, label: Label) -> Estimate:
        """Return the share of a label's test pictures that are near-greyscale."""
        chosen = self.near_grey[self.labels == LABELS.index(label)]
        return proportion(int(chosen.sum()), chosen.size)

    def spread_counts(
        self, label: Label, edges: Sequence[float]
    ) -> npt.NDArray[np.int64]:
        """Return the histogram of the colour spread of a label's test pictures.

        What lies beyond the last edge counts to the last.
        """
        spreads = self.spreads[self.labels == LABELS.index(label)]
        return np.histogram(np.minimum(spreads, edges[-1]), bins=edges)[0]

    def mean_picture(self, label: Label, object_class: str) -> Rgb:
        """Return the mean test picture of a label and object class."""
        return self.means[LABELS.index(label), OBJECT_CLASSES.index(object_class)]


def check_same_pictures(facts: DataFacts, members: npt.NDArray[np.str_]) -> None:
    """Raise `DatasetError` unless the facts are on the test pictures `members`."""
    if _named(members.tobytes(), members.dtype.str) != facts.members_sha256:
        msg = (
            "The stored facts on the data set are on other test pictures than these. "
            f"{_MAKE}"
        )
        raise DatasetError(msg)


@lru_cache(maxsize=2)
def _named(members: bytes, kind: str) -> str:
    """Return the hash of pictures' names; most networks' scores have the same ones."""
    return names_sha256(np.frombuffer(members, kind).tolist())


def drawn(chosen: npt.NDArray[np.bool_], *, count: int, seed: int) -> list[int]:
    """Return at most `count` of the chosen positions, drawn with `seed`."""
    positions = np.flatnonzero(chosen)
    order = np.random.RandomState(seed).permutation(len(positions))
    return [int(position) for position in positions[order[:count]]]


def write(facts: DataFacts, folder: Path) -> Path:
    """Write the facts to their two files in `folder`, each whole or not at all.

    Returns:
        The JSON file.
    """
    arrays = {name: getattr(facts, name) for name in ("labels", "spreads", "means")}
    arrays |= {label: each.decibels for label, each in facts.spectra.items()}
    scratch = folder / f"part.{ARRAYS_FILE}"
    np.savez_compressed(scratch, **arrays)
    scratch.replace(folder / ARRAYS_FILE)
    held = {
        "data_digest": facts.data_digest,
        "members_sha256": facts.members_sha256,
        "arrays_sha256": files.file_sha256(folder / ARRAYS_FILE),
        "counts": dict(facts.counts),
        "duplicates": dict(facts.duplicates),
        "copies": [asdict(row) for row in facts.copies],
        "cues": {name: asdict(part) for name, part in facts.cues.items()},
        "spectra": {
            label: {"n": each.n, "rings": [asdict(ring) for ring in each.rings]}
            for label, each in facts.spectra.items()
        },
    }
    return files.write_json(folder / FACTS_FILE, held)


def read(models: Path) -> DataFacts:
    """Return the facts stored in `models`.

    Raises:
        DatasetError: If they are missing, corrupted or do not belong together.
    """
    path = models / FACTS_FILE
    if not path.is_file():
        msg = f"There are no facts on the data set in {models}. {_MAKE}"
        raise DatasetError(msg)
    try:
        held = json.loads(path.read_text("utf-8"))
        whole = held.pop("arrays_sha256") == files.file_sha256(models / ARRAYS_FILE)
        if not whole:
            msg = f"{path} and {ARRAYS_FILE} beside it do not belong together. {_MAKE}"
            raise DatasetError(msg)
        with np.load(models / ARRAYS_FILE) as file:
            arrays = {name: file[name] for name in file.files}
        facts = _from_json(held, arrays)
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"The facts {path} cannot be read. {_MAKE}"
        raise DatasetError(msg) from error
    return facts


def _from_json(held: dict[str, Any], arrays: dict[str, Any]) -> DataFacts:
    """Return the facts that were written as `held` and `arrays`."""
    spectra = {
        label: Spectrum(
            n=each["n"],
            rings=tuple(Estimate(**ring) for ring in each["rings"]),
            decibels=arrays.pop(label),
        )
        for label, each in held.pop("spectra").items()
    }
    cues = {
        name: Part(n=part["n"], accuracy=Estimate(**part["accuracy"]))
        for name, part in held.pop("cues").items()
    }
    copies = tuple(CopyRow(**row) for row in held.pop("copies"))
    return DataFacts(spectra=spectra, cues=cues, copies=copies, **arrays, **held)
