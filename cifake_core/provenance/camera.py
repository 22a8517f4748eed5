"""Camera: what a file says of being a photograph, and, asked apart, of where."""

import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from PIL import ExifTags

from cifake_core.provenance.metadata import Metadata, read_metadata
from cifake_core.provenance.records import CAMERA_SOURCE_TYPES, Camera
from cifake_core.provenance.text import name
from cifake_core.provenance.xmp import Property

_Base = ExifTags.Base
#: Seconds from which an exposure is written as a number, not as a fraction.
_LONG: Final = 0.4


@dataclass(frozen=True, slots=True)
class Location:
    """Place on Earth: degrees north and east."""

    latitude: float
    longitude: float


def camera(metadata: Metadata, properties: tuple[Property, ...]) -> Camera:
    """What the EXIF data and the XMP packet say of a photograph.

    Args:
        metadata: of the file.
        properties: of its XMP packet.
    """
    details = metadata.details
    maker, model = (_plain(metadata.exif.get(tag)) for tag in (_Base.Make, _Base.Model))
    kinds = [
        each.value.rstrip("/").rpartition("/")[2]
        for each in properties
        if each.name == "DigitalSourceType"
    ]
    return Camera(
        maker=maker,
        model=model,
        lens=_plain(details.get(_Base.LensModel)),
        exposure=_exposure(details),
        time=_time(metadata),
        source_type=next((kind for kind in kinds if kind in CAMERA_SOURCE_TYPES), None),
        has_location=_location(metadata.location) is not None,
    )


def location(source: bytes) -> Location | None:
    """Place where a file says that it was taken; read when a person asks, kept nowhere.

    Args:
        source: the bytes of a file that `reading.read_picture` reads.
    """
    return _location(read_metadata(source).location)


def _plain(value: object) -> str | None:
    """A name, unless a program has put its settings in its place."""
    if isinstance(value, str) and "{" in value:
        return None
    return name(value)


def _time(metadata: Metadata) -> str | None:
    """When it was taken, as the camera wrote it, in ISO 8601 if it is a time."""
    written = name(metadata.details.get(_Base.DateTimeOriginal))
    if written is None:
        return None
    zone = name(metadata.details.get(_Base.OffsetTimeOriginal)) or ""
    day, _, hour = written.partition(" ")
    return f"{day.replace(':', '-')}T{hour}{zone}" if hour else written


def _exposure(details: Mapping[int, Any]) -> str | None:
    """Words for exposure time, aperture, sensitivity and focal length."""
    seconds = _number(details.get(_Base.ExposureTime))
    aperture = _number(details.get(_Base.FNumber))
    sensitivity = _number(details.get(_Base.ISOSpeedRatings))
    focal = _number(details.get(_Base.FocalLength))
    words = []
    if seconds:
        fraction = f"1/{1 / seconds:.0f}" if seconds < _LONG else f"{seconds:g}"
        words.append(f"{fraction} s")
    words += [f"f/{aperture:g}"] if aperture else []
    words += [f"ISO {sensitivity:g}"] if sensitivity else []
    words += [f"{focal:g} mm"] if focal else []
    return ", ".join(words) or None


def _number(value: object) -> float | None:
    """A number above 0 that can be written, or None."""
    if isinstance(value, tuple) and value:
        value = value[0]
    with suppress(TypeError, ValueError, ZeroDivisionError, OverflowError):
        number = float(value)  # type: ignore[arg-type]  # a fraction of Pillow's
        if math.isfinite(number) and 1e-6 < number < 1e9:
            return number
    return None


def _location(tags: Mapping[int, Any]) -> Location | None:
    """Place of the tags on location, if they make one."""
    gps = ExifTags.GPS
    latitude = _degrees(tags.get(gps.GPSLatitude), tags.get(gps.GPSLatitudeRef), "S")
    longitude = _degrees(tags.get(gps.GPSLongitude), tags.get(gps.GPSLongitudeRef), "W")
    if latitude is None or longitude is None:
        return None
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return Location(latitude, longitude)


def _degrees(parts: object, side: object, negative: str) -> float | None:
    """Degrees of degrees, minutes and seconds."""
    if not isinstance(parts, tuple) or len(parts) != 3:
        return None
    with suppress(TypeError, ValueError, ZeroDivisionError, OverflowError):
        value = sum(float(part) / 60**power for power, part in enumerate(parts))
        if math.isfinite(value):
            return -value if side == negative else value
    return None
