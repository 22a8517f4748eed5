"""Records of data sets of one's own: the card of a set, and its pictures in memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

#: What a picture of a set serves; the test part is sealed: only a gate looks at it.
Part: TypeAlias = Literal["training", "validation", "test"]
#: How a source is laid out: REAL/ and FAKE/; REAL/ and a folder for each generator; a
#: CSV file with the columns `path` and `label`, and if known `generator` and `object`.
Layout: TypeAlias = Literal["labels", "generators", "csv"]

#: Names of CIFAKE's own test set, with and without leaked pictures and second copies,
#: where data sets are chosen among; none of one's own may be called so.
OFFICIAL, LEAK_FREE = "official", "leak-free"
CIFAKE_SETS: Final = (OFFICIAL, LEAK_FREE)
PARTS: Final[tuple[Part, ...]] = get_args(Part)
#: Label of a picture whose label is not known yet.
UNLABELLED: Final = -1


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Check:
    """One check on entry: what was looked for, and what came of it.

    `value` was measured, `limit` is what it may come to; `sentence` says both in words
    and, where it failed, what to do.
    """

    name: str
    passed: bool
    sentence: str
    value: float | None = None
    limit: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class DataSetCard:
    """Card of a data set of one's own.

    `source` is the folder, zip or CSV file where the pictures stay; `digest` is the
    SHA-256 over the names, labels and hashes of all pictures that are used. `counts`
    has their number by part and generator, photographs under "REAL", unlabelled ones
    under "UNLABELLED". `left_out` has a sentence for each file that is not used, by
    its path: unreadable, a duplicate, a copy of one of CIFAKE's. `sizes` counts
    pictures by "WIDTHxHEIGHT" as they came.
    """

    SCHEMA: ClassVar[int] = 1

    name: str
    source: str
    layout: Layout
    added: str
    digest: str
    counts: Mapping[Part, Mapping[str, int]]
    sizes: Mapping[str, int]
    left_out: Mapping[str, str]
    checks: tuple[Check, ...]

    @property
    def generators(self) -> tuple[str, ...]:
        """Names of the generators whose fakes it holds, sorted."""
        found = {name for part in self.counts.values() for name in part}
        return tuple(sorted(found - {"REAL", "UNLABELLED"}))


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class DataSetPictures:
    """Pictures of a set or of a part of it, in the order of its index.

    `images` is (N, 32, 32, 3) uint8 in CIFAKE's form; `labels` is (N,) int8, FAKE = 0,
    REAL = 1, UNLABELLED = -1; `object_classes` is (N,) int8 or -1; `generators` is (N,)
    str, "" for photographs; `members` are the files' paths in the source, `hashes` the
    SHA-256 of the files, `parts` what each serves.
    """

    name: str
    digest: str
    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int8]
    object_classes: npt.NDArray[np.int8]
    generators: npt.NDArray[np.str_]
    members: npt.NDArray[np.str_]
    hashes: npt.NDArray[np.str_]
    parts: npt.NDArray[np.str_]
