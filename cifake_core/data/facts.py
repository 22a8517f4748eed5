"""Facts on the data set: computed once from the pictures, stored, read by pages.

What follows for a network is computed from its stored scores.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import ClassVar, Final

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats, Rgb
from cifake_core.basics.artefacts import Artefact
from cifake_core.basics.errors import DatasetError
from cifake_core.basics.estimates import Estimate, proportion
from cifake_core.basics.labels import LABELS, OBJECT_CLASSES, Label
from cifake_core.data.archive import names_sha256
from cifake_core.pictures.statistics import Spectrum

FACTS_FILE: Final = "data_facts.npz"
#: A picture whose `color_spread` is lower than this, of 255, is almost grey.
GREY_BELOW: Final = 3.0

_MAKE: Final = "Make it with `python -m cifake_core data facts`."


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


_ARRAYS: Final = ("labels", "spreads", "means")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _SpectrumHeader:
    """What is kept of a spectrum beside its decibels."""

    n: int
    rings: tuple[Estimate, ...]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Header:
    """What is kept of the facts beside the arrays."""

    SCHEMA: ClassVar[int] = 1

    data_digest: str
    members_sha256: str
    counts: Mapping[str, int]
    duplicates: Mapping[str, int]
    copies: tuple[CopyRow, ...]
    cues: Mapping[str, Part]
    spectra: Mapping[Label, _SpectrumHeader]


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
    """Write the facts to their file in `folder`, whole or not at all; return it.

    Raises:
        OSError: If it cannot be written.
    """
    header = _Header(
        data_digest=facts.data_digest,
        members_sha256=facts.members_sha256,
        counts=facts.counts,
        duplicates=facts.duplicates,
        copies=facts.copies,
        cues=facts.cues,
        spectra={
            label: _SpectrumHeader(n=each.n, rings=each.rings)
            for label, each in facts.spectra.items()
        },
    )
    arrays = {name: getattr(facts, name) for name in _ARRAYS}
    decibels = {label: each.decibels for label, each in facts.spectra.items()}
    return _artefact(folder).write_arrays(header, arrays | decibels)


def read(models: Path) -> DataFacts:
    """Facts stored in `models`.

    Raises:
        ModelUnavailableError: If they are missing, damaged or of another schema.
    """
    artefact = _artefact(models)
    header, arrays = artefact.read_arrays(_Header)
    with artefact.reading():
        return DataFacts(
            data_digest=header.data_digest,
            members_sha256=header.members_sha256,
            counts=header.counts,
            duplicates=header.duplicates,
            copies=header.copies,
            cues=header.cues,
            spectra={
                label: Spectrum(n=each.n, rings=each.rings, decibels=arrays[label])
                for label, each in header.spectra.items()
            },
            labels=arrays["labels"],
            spreads=arrays["spreads"],
            means=arrays["means"],
        )


def _artefact(folder: Path) -> Artefact:
    """The facts in `folder`."""
    return Artefact(
        folder / FACTS_FILE, what="file of facts on the data set", remedy=_MAKE
    )
