"""A view of the test set in a page's address, and back from there."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from cifake_core.basics.labels import DECISIONS, LABELS, OBJECT_CLASSES
from cifake_core.basics.seeds import MAX_SEED
from cifake_core.data.datasets.records import CIFAKE_SETS, LEAK_FREE, OFFICIAL
from cifake_core.evaluation.selection import COPIES, ORDERS, Selection

_TRUTH: Final = {"yes": True, "no": False}
_BETWEEN: Final = ".."
#: What links of before call the choice between CIFAKE's two test sets.
FORMERLY: Final = "leak_free"
_MAX_PAGE: Final = 1_000_000
#: No number in an address has more; Python refuses to read thousands of them.
_MAX_DIGITS: Final = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class _Field:
    """How a value is read from an address: `read` raises `ValueError` on others."""

    expected: str
    read: Callable[[str], object]


def to_query(selection: Selection) -> dict[str, str]:
    """Parameters of an address that opens `selection`.

    They have the names of its fields; what is as in a new selection is left out.
    """
    usual = Selection(network=selection.network)
    values = {
        field.name: (getattr(selection, field.name), getattr(usual, field.name))
        for field in fields(Selection)
    }
    return {
        name: _written(value)
        for name, (value, default) in values.items()
        if value != default or name == "network"
    }


def from_query(
    query: Mapping[str, str],
    *,
    networks: Sequence[str],
    own_sets: Sequence[str] = (),
) -> tuple[Selection, tuple[str, ...]]:
    """Selection of an address, and a sentence for each bad value in it.

    A bad value falls back to what a new selection has. Parameters that are not
    fields of `Selection` are left to others.

    Args:
        query: the parameters of the address.
        networks: those that can be shown, at least one; the first is the default.
        own_sets: names of the data sets of one's own.
    """
    choices = {
        "network": _names(networks),
        "pictures": _names((*CIFAKE_SETS, *own_sets)),
        **_FIELDS,
    }
    query = _of_today(query)
    values: dict[str, Any] = {"network": networks[0]}  # each of its field's type
    faults: list[str] = []
    for name, field in choices.items():
        if name in query:
            try:
                values[name] = field.read(query[name])
            except (ValueError, KeyError):
                faults.append(fault(name, query[name], expected=field.expected))
    return Selection(**values), tuple(faults)


def _of_today(query: Mapping[str, str]) -> Mapping[str, str]:
    """Parameters of an address; one of before said `leak_free` for the pictures."""
    formerly = {"yes": LEAK_FREE, "no": OFFICIAL}.get(query.get(FORMERLY, ""))
    if formerly is None or "pictures" in query:
        return query
    return {**query, "pictures": formerly}


def fault(name: str, value: str, *, expected: str) -> str:
    """Sentence on a bad value in an address."""
    return (
        f"The address says {name}={value!r}. Expected {expected}; this part of it is "
        "ignored."
    )


def whole(text: str, *, least: int, most: int) -> int | None:
    """Whole number that an address says, None if it is none in the range."""
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS):
        return None
    number = int(text)
    return number if least <= number <= most else None


def _choice(options: Mapping[str, object]) -> _Field:
    """Field whose value is one of `options`, by their words."""
    return _Field(expected=f"one of: {', '.join(options)}", read=options.__getitem__)


def _names(options: Sequence[str]) -> _Field:
    """Field whose value is one of these names."""
    return _choice({name: name for name in options})


def _whole(*, least: int, most: int) -> _Field:
    """Field of a whole number."""

    def read(text: str) -> int:
        number = whole(text, least=least, most=most)
        if number is None:
            raise ValueError
        return number

    return _Field(expected=f"a whole number from {least} to {most}", read=read)


def _share(text: str) -> float:
    """Share, 0 to 1."""
    share = float(text)
    if not 0 <= share <= 1:  # as when it is not a number
        raise ValueError
    return share


def _range(text: str) -> tuple[float, float]:
    """Two shares, the lower first."""
    low, high = map(_share, text.split(_BETWEEN))
    if low > high:
        raise ValueError
    return low, high


def _written(value: object) -> str:
    """One value as its field reads it; every digit of a number is kept."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return _BETWEEN.join(map(str, value))
    return str(value)


_SHARES: Final = _Field(expected="two numbers from 0 to 1, as 0.5..0.6", read=_range)
_FIELDS: Final[Mapping[str, _Field]] = {
    "threshold": _Field(expected="a number from 0 to 1", read=_share),
    "object_class": _names(OBJECT_CLASSES),
    "label": _names(LABELS),
    "called": _names(LABELS),
    "right": _choice(_TRUTH),
    "verdict": _names(DECISIONS),
    "confidence": _SHARES,
    "p_real": _SHARES,
    "copies": _names(COPIES),
    "generator": _Field(expected="the name of a generator", read=str),
    "order": _names(ORDERS),
    "seed": _whole(least=0, most=MAX_SEED),
    "page": _whole(least=1, most=_MAX_PAGE),
}
