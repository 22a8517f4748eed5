"""Accounts as tests ask them: on every kind of database, with a clock of one's own."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from cifake_core.accounts.links import Links
from cifake_core.accounts.records import Who
from cifake_core.accounts.roles import RIGHTS
from cifake_core.accounts.store import Store

PASSWORD = "lantern orbit gravel 71"  # noqa: S105 - of tests
ADMIN = "ann@example.org"
ROOT = Who(name="root", source="test", rights=frozenset(RIGHTS))


@dataclass
class Clock:
    """Clock that goes when it is told to."""

    moment: datetime = field(
        default_factory=lambda: datetime(2026, 3, 4, 5, 6, 7, 8, tzinfo=UTC)
    )

    def __call__(self) -> datetime:
        """Now."""
        return self.moment

    def go(self, **time: float) -> None:
        """Let so much time pass."""
        self.moment += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    """The clock of the store."""
    return Clock()


@pytest.fixture
def store(user_data, clock) -> Store:
    """Store without anybody."""
    return Store(user_data, clock)


@pytest.fixture
def ann(store) -> str:
    """E-mail of the administrator, who has begun by the first link."""
    token = Links(store).first(by=ROOT)
    return Links(store).use(token, PASSWORD, name="Ann", email=ADMIN, source="test")


def added(store: Store, email: str, role: str = "viewer") -> str:
    """E-mail of a user who has used an invitation."""
    token = Links(store).invite(email, role, by=ROOT)
    return Links(store).use(token, PASSWORD, name=email, source="test")
