"""Stealth metadata: text that some web UIs hide in the lowest bits of transparency.

Source: the web UI's extension "Stealth PNG Info", whose form NovelAI writes, too:
column by column, a signature, the text's length in bits, the text.
"""

import zlib
from typing import Final

import numpy as np

from cifake_core.basics.arrays import Plane
from cifake_core.provenance.metadata import MAX_PART, Text

_SIGNATURES: Final = (b"stealth_pnginfo", b"stealth_pngcomp")
_COMPRESSED: Final = b"stealth_pngcomp"
_LENGTH_BYTES: Final = 4
_HEAD: Final = len(_COMPRESSED) + _LENGTH_BYTES
#: Tells zlib to read gzip.
_GZIP: Final = 16 + zlib.MAX_WBITS


def hidden_text(alpha: Plane | None) -> Text | None:
    """Text hidden in a picture's transparency, or None.

    Args:
        alpha: (H, W) uint8, how opaque the pixels are; None if wholly.
    """
    if alpha is None or alpha.size < 8 * _HEAD:
        return None
    head = _bytes(alpha, 0, _HEAD)
    signature = head[: len(_COMPRESSED)]
    if signature not in _SIGNATURES:
        return None
    length = int.from_bytes(head[len(_COMPRESSED) :]) // 8
    body = _bytes(alpha, _HEAD, min(length, MAX_PART))
    if signature == _COMPRESSED:
        try:
            body = zlib.decompressobj(_GZIP).decompress(body, MAX_PART)
        except zlib.error:
            return None
    return Text(
        where="Hidden in the transparency",
        key="parameters",
        value=body.decode("utf-8", "replace"),
    )


def _bytes(alpha: Plane, start: int, count: int) -> bytes:
    """Bytes `start` to `start + count` of the lowest bits, column by column."""
    height = alpha.shape[0]
    first, last = 8 * start // height, -(-8 * (start + count) // height)
    bits = np.bitwise_and(alpha[:, first:last].T, np.uint8(1)).ravel()
    skipped = 8 * start - first * height
    return np.packbits(bits[skipped : skipped + 8 * count]).tobytes()
