"""Large networks in half the space: large kernels are rounded to float16."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import h5py
import numpy as np
import numpy.typing as npt

from cifake_core.basics.files import write_whole

#: Keras's name for the weights inside its file.
_WEIGHTS: Final = "model.weights.h5"
#: A kernel of fewer values takes little space, and as each of them counts for more,
#: rounding it would move the answers most: by ten times as much as Deep Vision's
#: dense layer of 4.7 million.
_LARGE: Final = 2**16


def round_kernels(
    weights: Sequence[npt.NDArray[np.float32]],
) -> list[npt.NDArray[np.float32]]:
    """Return `weights` with every large kernel rounded to what float16 can hold.

    The others take little space and stay as they are.
    """
    return [
        weight.astype(np.float16).astype(np.float32)
        if weight.size >= _LARGE
        else weight
        for weight in weights
    ]


def compact(path: Path) -> None:
    """Rewrite a saved network so that rounded kernels take half the space.

    Nothing is lost: a kernel is stored in float16 only if that holds each of its
    values, and Keras reads it back as float32.

    Args:
        path: a file in Keras's format; replaced whole or not at all.
    """
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files[_WEIGHTS] = _compact_weights(files[_WEIGHTS])
    with write_whole(path) as scratch, zipfile.ZipFile(scratch, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)


def _compact_weights(data: bytes) -> bytes:
    """Return an HDF5 file with the same tree, its kernels shortened."""
    target = io.BytesIO()
    with h5py.File(io.BytesIO(data)) as old, h5py.File(target, "w") as new:

        def copy(name: str, item: Any) -> None:  # noqa: ANN401 - h5py is untyped
            if isinstance(item, h5py.Dataset):
                made = new.create_dataset(name, data=_shortened(item[()]))
            else:
                made = new.require_group(name)
            made.attrs.update(item.attrs)

        old.visititems(copy)
        new.attrs.update(old.attrs)
    return target.getvalue()


def _shortened(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return `array` as float16 if that is a large kernel and loses nothing."""
    if array.size < _LARGE or array.dtype != np.float32:
        return array
    short = array.astype(np.float16)
    return short if np.array_equal(short, array) else array
