"""Store of accounts: the user's database, and the clock that is asked."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from cifake_core.basics.database import exists, reading, writing


def utc_now() -> datetime:
    """Now."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Store:
    """The user's database, which is made when it is first asked."""

    user_data: Path
    now: Callable[[], datetime] = utc_now

    def reading(self) -> AbstractContextManager[Session]:
        """Session that sees the database as it is now."""
        if not exists(self.user_data):
            return self.writing()
        return reading(self.user_data)

    def writing(self) -> AbstractContextManager[Session]:
        """Session of one transaction, which no other writes beside."""
        return writing(self.user_data)
