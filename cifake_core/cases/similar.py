"""Pictures that look alike: near hashes are found by bands that nearly agree.

Two hashes of 64 bits that differ in at most 4 r + 3 bits differ in at most r bits of
one of their four bands, by the pigeonhole principle: it is enough to look up, by an
index, every value of a band that is r bits from the one asked for.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from cifake_core.basics.errors import SettingError
from cifake_core.cases.tables import RecordRow

#: Bits in which two pictures may differ that still look alike, at most.
MAX_DISTANCE: Final = 11
#: Pictures that are looked at in one band, the newest, should very many agree.
_MAX_CANDIDATES: Final = 5000

_BANDS: Final = (RecordRow.band0, RecordRow.band1, RecordRow.band2, RecordRow.band3)
_BITS: Final = 16


def bands_of(perceptual_hash: str) -> dict[str, int]:
    """Columns of a hash."""
    return {
        column.key: value
        for column, value in zip(_BANDS, _split(perceptual_hash), strict=True)
    }


def hash_of(row: RecordRow) -> str:
    """Hash of which a row has the bands."""
    return "".join(f"{getattr(row, column.key):04x}" for column in _BANDS)


def near(
    session: Session, perceptual_hash: str, *, distance: int, most: int
) -> list[tuple[int, int]]:
    """Records of pictures that look alike: (distance, number), the nearest first.

    Args:
        session: of the user's database.
        perceptual_hash: 16 hexadecimal digits.
        distance: bits that may differ, 0 to 11.
        most: records to find, of equal distance the newest.

    Raises:
        SettingError: If the distance is not one of these.
    """
    if not 0 <= distance <= MAX_DISTANCE:
        msg = f"Expected a distance of 0 to {MAX_DISTANCE} bits. Received {distance}."
        raise SettingError(msg)
    own = _split(perceptual_hash)
    radius = distance // len(_BANDS)
    parts = [
        select(
            select(RecordRow.id, *_BANDS)
            .where(
                column.in_(list(_around(value, radius))), RecordRow.binned_at.is_(None)
            )
            .order_by(RecordRow.id.desc())
            .limit(_MAX_CANDIDATES)
            .subquery()
        )
        for column, value in zip(_BANDS, own, strict=True)
    ]
    found = set()
    for number, *bands in session.execute(union_all(*parts)):
        bits = sum(
            (one ^ other).bit_count() for one, other in zip(own, bands, strict=True)
        )
        if bits <= distance:
            found.add((bits, -number))
    return [(bits, -number) for bits, number in sorted(found)[:most]]


def _split(perceptual_hash: str) -> list[int]:
    """Bands of a hash, 16 bits each, the highest first."""
    return [int(perceptual_hash[start : start + 4], 16) for start in (0, 4, 8, 12)]


def _around(value: int, radius: int) -> Iterator[int]:
    """Every value of a band that is at most `radius` bits from one."""
    for flips in range(radius + 1):
        for bits in combinations(range(_BITS), flips):
            yield value ^ sum(1 << bit for bit in bits)
