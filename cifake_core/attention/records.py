"""Record of a study of attention: mean maps and figures on pictures, and no picture."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats
from cifake_core.basics.artefacts import Artefact
from cifake_core.networks import store

_COLUMNS: Final = (
    *("positions", "decisions", "cells", "counts", "means", "spreads"),
    *("channels", "pushes", "num_pieces", "peaks", "focus", "on_salient", "edges"),
)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Attention:
    """What a network looks at in N test pictures; positive speaks for FAKE.

    The units are those of the logit. `positions` is (N,) int32, rising, in the test
    split whose files `test_sha256` vouches for; `decisions` is (N,) int8, what the
    product said of them, as in `DECISIONS`, or -1 if that was not known.

    The maps lie by cell: `cells` is (C, 4) int8, the numbers of label, object class,
    the label that the network calls and decision; `counts` is (C,) int32; `means` and
    `spreads` are (C, h, w) float32, the mean and the standard deviation of each place's
    share of the logit over the pictures of the cell.

    By picture: `channels` is (N, 6) float32, Shapley values, with N = 0 for a network
    that sees no channels; `pushes` (N, K) float32, the mean push of the superpixels
    of each kind (see `pieces`), of which there are `num_pieces`, (N, K) uint8; `edges`
    is (2,) float32, from which roughness on a piece is middling, and rough. The last
    are on the evidence for what the network calls the picture: `peaks`, (N,) int16, the
    place where it is strongest, row by row; `focus`, (N,) float32, the share that the
    strongest quarter of the places holds of it; `on_salient`, (N,) float32, how much
    denser than elsewhere it lies on the part that stands out, 1 for as dense and NaN
    if nothing stands out, or nothing speaks for the call.
    """

    network: str
    model_sha256: str
    test_sha256: str
    seed: int
    seconds: float
    positions: npt.NDArray[np.int32]
    decisions: npt.NDArray[np.int8]
    cells: npt.NDArray[np.int8]
    counts: npt.NDArray[np.int32]
    means: Floats
    spreads: Floats
    channels: Floats
    pushes: Floats
    num_pieces: npt.NDArray[np.uint8]
    peaks: npt.NDArray[np.int16]
    focus: Floats
    on_salient: Floats
    edges: Floats

    @property
    def sees_channels(self) -> bool:
        """Whether the network sees the filtered channels."""
        return bool(len(self.channels))


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class MeanMap:
    """Mean and standard deviation over `n` pictures, (h, w) float64 each."""

    n: int
    mean: npt.NDArray[np.float64]
    spread: npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Header:
    """What is kept of a study beside its arrays."""

    SCHEMA: ClassVar[int] = 1

    model_sha256: str
    test_sha256: str
    seed: int
    seconds: float


def mean_map(  # noqa: PLR0913 - which pictures: by keyword
    found: Attention,
    *,
    label: int | None = None,
    object_class: int | None = None,
    called: int | None = None,
    decision: int | None = None,
    right: bool | None = None,
) -> MeanMap | None:
    """Return the map of the pictures that are all of this, or None of none.

    What is None is left open. The mean is that of the pictures, and the spread about
    it, as if they had been added up one by one.

    Args:
        found: the study.
        label: FAKE or REAL, by number.
        object_class: by number.
        called: what the network calls them, by number.
        decision: what the product says of them, a number of `DECISIONS`.
        right: whether the network calls them what they are.
    """
    asked = (label, object_class, called, decision)
    chosen = np.ones(len(found.cells), np.bool_)
    for column, value in enumerate(asked):
        if value is not None:
            chosen &= found.cells[:, column] == value
    if right is not None:
        chosen &= (found.cells[:, 0] == found.cells[:, 2]) == right
    counts = found.counts[chosen].astype(np.float64)
    if not counts.sum():
        return None
    means, spreads = (
        each[chosen].astype(np.float64) for each in (found.means, found.spreads)
    )
    mean = np.tensordot(counts, means, 1) / counts.sum()
    squares = spreads**2 + (means - mean) ** 2
    spread = np.sqrt(np.tensordot(counts, squares, 1) / counts.sum())
    return MeanMap(n=int(counts.sum()), mean=mean, spread=spread)


def write(found: Attention, folder: Path) -> Path:
    """Write the study beside the network in `folder`, whole or not at all; return it.

    Raises:
        OSError: If it cannot be written.
    """
    header = _Header(
        model_sha256=found.model_sha256,
        test_sha256=found.test_sha256,
        seed=found.seed,
        seconds=found.seconds,
    )
    arrays = {name: getattr(found, name) for name in _COLUMNS}
    return _artefact(folder).write_arrays(header, arrays)


def read(name: str, models: Path) -> Attention:
    """Shipped study of a network.

    Raises:
        UnknownNameError: If there is no such network.
        NotMadeError: If there is no study yet.
        ModelUnavailableError: If it is damaged or made with other weights.
    """
    revision = store.revision(name, models)
    artefact = _artefact(models / name)
    header, arrays = artefact.read_arrays(_Header)
    artefact.check_weights({name: header.model_sha256}, {name: revision})
    with artefact.reading():
        columns: dict[str, Any] = {  # arrays of several types
            key: arrays[key] for key in _COLUMNS
        }
        return Attention(
            network=name,
            model_sha256=header.model_sha256,
            test_sha256=header.test_sha256,
            seed=header.seed,
            seconds=header.seconds,
            **columns,
        )


def _artefact(folder: Path) -> Artefact:
    """The study of the network in `folder`."""
    remedy = f"Make it with `python -m cifake_core attention {folder.name}`."
    return Artefact(
        folder / store.ATTENTION_FILE, what="attention study", remedy=remedy
    )
