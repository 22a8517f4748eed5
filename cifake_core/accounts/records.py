"""Records of accounts, as doors show them: none has a secret."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from cifake_core.accounts.roles import RIGHTS, Right, Role
from cifake_core.basics.places import user_name

LinkKind: TypeAlias = Literal["first", "invitation", "reset"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Who:
    """Somebody who is known, and what they may; `source` is where they ask from.

    `user` is their number, None where there are no accounts and on the command line.
    """

    name: str
    source: str
    rights: frozenset[Right]
    user: int | None = None

    def may(self, right: Right) -> bool:
        """Whether they may."""
        return right in self.rights


#: Whoever asks where there are no accounts.
ANYBODY: Final = Who(name="", source="", rights=frozenset(RIGHTS))


def on_this_machine(source: str) -> Who:
    """Whoever runs the program, by the name that the operating system has for them.

    Args:
        source: by which door they come.
    """
    return Who(name=user_name(), source=source, rights=frozenset(RIGHTS))


@dataclass(frozen=True, kw_only=True, slots=True)
class User:
    """User; `has_password` is False until they have used their link."""

    number: int
    email: str
    name: str
    role: Role
    is_active: bool
    has_password: bool
    created: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """Session of a browser; `is_this` is True for the one by which it is looked at."""

    number: int
    email: str
    source: str
    created: datetime
    last_seen: datetime
    expires: datetime
    is_this: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """Key of a program, without its secret part."""

    prefix: str
    email: str
    name: str
    scopes: tuple[Right, ...]
    per_minute: int
    created: datetime
    expires: datetime | None
    last_used: datetime | None
    revoked: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditLine:
    """Line of the audit, as it is exported."""

    number: int
    moment: datetime
    who: str
    source: str
    action: str
    subject: str
    result: str
    previous: str
    digest: str
