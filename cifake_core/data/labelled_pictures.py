"""Labelled pictures: what splits of CIFAKE, data sets and mixtures have alike."""

from typing import Protocol

import numpy as np
import numpy.typing as npt


class LabelledPictures(Protocol):
    """Pictures with their labels, as a network learns from them."""

    @property
    def images(self) -> npt.NDArray[np.uint8]:
        """(N, 32, 32, 3) uint8, RGB."""

    @property
    def labels(self) -> npt.NDArray[np.number]:
        """(N,) FAKE = 0, REAL = 1, or what lies between."""

    @property
    def object_classes(self) -> npt.NDArray[np.int8]:
        """(N,) int8 of `OBJECT_CLASSES`, -1 where it is not known."""


class PictureFiles(LabelledPictures, Protocol):
    """Labelled pictures that lie in files, as `cifake.Split` describes its arrays."""

    @property
    def labels(self) -> npt.NDArray[np.int8]:
        """(N,) int8, FAKE = 0 and REAL = 1."""

    @property
    def hashes(self) -> npt.NDArray[np.str_]:
        """(N,) SHA-256 hex digests of the files."""

    @property
    def members(self) -> npt.NDArray[np.str_]:
        """(N,) paths of the files in their source."""
