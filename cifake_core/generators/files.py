"""Generated pictures as files: saved as CIFAKE's are, or without loss."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Rgb32, as_rgb32
from cifake_core.basics.errors import SettingError
from cifake_core.basics.files import write_whole
from cifake_core.basics.registry import lookup
from cifake_core.pictures.cifake_form import CIFAKE_QUALITY
from cifake_core.pictures.corruptions import recompress

if TYPE_CHECKING:
    from cifake_core.generators.sampling import Samples

#: "jpeg": quality 75, 4:2:0, the tables and the header of CIFAKE's own files.
Form: TypeAlias = Literal["jpeg", "png"]

_ENDINGS: Final[Mapping[str, str]] = {"jpeg": ".jpg", "png": ".png"}


def encoded(image: Rgb32, form: Form) -> bytes:
    """A picture as a file's bytes.

    Raises:
        UnknownNameError: If there is no such form.
    """
    ending = lookup(_ENDINGS, form, kind="form of file")
    options = [cv2.IMWRITE_JPEG_QUALITY, CIFAKE_QUALITY] if form == "jpeg" else []
    return bytes(cv2.imencode(ending, image[:, :, ::-1], options)[1])


def as_saved(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Pictures, (N, 32, 32, 3), as they look once saved as CIFAKE's are."""
    return np.stack([recompress(image, quality=CIFAKE_QUALITY) for image in images])


def write(samples: "Samples", folder: Path, *, form: Form = "jpeg") -> Path:
    """Write pictures to `folder`/<generator>/FAKE; return that folder.

    A file is named after seed and number, so pictures of several seeds may share it.

    Raises:
        SettingError: If the folder cannot be written to.
        UnknownNameError: If there is no such form.
    """
    place = folder / samples.name / "FAKE"
    ending = lookup(_ENDINGS, form, kind="form of file")
    try:
        place.mkdir(parents=True, exist_ok=True)
        for number, image in enumerate(samples.images):
            name = f"{samples.seed}-{number:05}{ending}"
            with write_whole(place / name) as scratch:
                scratch.write_bytes(encoded(as_rgb32(image), form))
    except OSError as error:
        msg = (
            f"The pictures cannot be written to {place}: {error}. Name another folder."
        )
        raise SettingError(msg) from error
    return place
