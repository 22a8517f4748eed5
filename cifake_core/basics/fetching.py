"""Fetching of a file that a person names, by its address or by its path."""

from pathlib import Path
from typing import Final

from cifake_core.basics.errors import SettingError

_SECONDS: Final = 30


def fetched(place: str, *, what: str, kind: str, max_bytes: int) -> bytes:
    """Bytes behind an address, or of a file.

    Args:
        place: an address that begins with https://, or a path.
        what: words for the file, such as "list of signers".
        kind: words for its kind, such as "PEM file".
        max_bytes: how many it may have; no more are read.

    Raises:
        SettingError: If it cannot be had, or is too large.
    """
    if place.startswith("https://"):
        held = _downloaded(place, what, max_bytes)
    else:
        held = _read(Path(place), what, kind, max_bytes)
    if len(held) > max_bytes:
        msg = f"{place} has more than {max_bytes:,} bytes and is no {what}."
        raise SettingError(msg)
    return held


def _read(path: Path, what: str, kind: str, max_bytes: int) -> bytes:
    """Bytes of a file, one more than it may have at most."""
    try:
        with path.expanduser().open("rb") as file:
            return file.read(max_bytes + 1)
    except (OSError, ValueError) as error:
        msg = (
            f"The {what} {str(path)!r} can't be read; name a {kind}, or an address "
            "that begins with https://."
        )
        raise SettingError(msg) from error


def _downloaded(place: str, what: str, max_bytes: int) -> bytes:
    """Bytes behind an address, one more than there may be at most."""
    import requests  # noqa: PLC0415 - a tenth of a second, and only a command needs it

    try:
        with requests.get(place, timeout=_SECONDS, stream=True) as answer:
            answer.raise_for_status()
            return bytes(answer.raw.read(max_bytes + 1, decode_content=True))
    except (requests.RequestException, OSError) as error:
        msg = (
            f"The {what} can't be had from {place}: there is no network, or it "
            "refuses. Get the file by another way, and name it in the place of the "
            "address."
        )
        raise SettingError(msg) from error
