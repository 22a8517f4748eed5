"""Roles and rights: what each role may, in one table."""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias, get_args

Role: TypeAlias = Literal["viewer", "analyst", "administrator"]
#: `look` at what the product knows, `judge` and explain pictures, keep `history`, cases
#: and findings, queue `jobs`, and `administer` users, data sets and networks.
Right: TypeAlias = Literal["look", "judge", "history", "jobs", "administer"]

ROLES: Final[tuple[Role, ...]] = get_args(Role)
RIGHTS: Final[tuple[Right, ...]] = get_args(Right)

_VIEWS: Final = frozenset[Right]({"look", "judge"})
_ANALYSES: Final = _VIEWS | frozenset[Right]({"history", "jobs"})
RIGHTS_OF: Final[Mapping[Role, frozenset[Right]]] = {
    "viewer": _VIEWS,
    "analyst": _ANALYSES,
    "administrator": _ANALYSES | frozenset[Right]({"administer"}),
}
