"""The user's database: a file in the user's data folder, or a server, by SQLAlchemy.

Whoever keeps tables declares them on `Base`, and makes them in a script under
`migrations`. This package is imported only where there is something to read or to
keep (`places.database_exists`), as SQLAlchemy takes a third of a second to import.
"""

from cifake_core.basics.database.columns import Base, UtcDateTime
from cifake_core.basics.database.schema import SCHEMA
from cifake_core.basics.database.sessions import (
    exists,
    forget_deleted,
    reading,
    writing,
)

__all__ = [
    "SCHEMA",
    "Base",
    "UtcDateTime",
    "exists",
    "forget_deleted",
    "reading",
    "writing",
]
