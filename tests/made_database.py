"""Rows in the user's database, for tests; the same in several processes."""

from pathlib import Path

from sqlalchemy import insert, select

from cifake_core.basics.database import reading, sessions, writing
from cifake_core.versions.tables import FolderRow


def put_folder(user_data: Path, root: str) -> None:
    """Keep something."""
    with writing(user_data) as session:
        session.execute(insert(FolderRow).values(root=root, last_number=1))


def roots(user_data: Path) -> list[str]:
    """What is kept."""
    with reading(user_data) as session:
        return sorted(session.scalars(select(FolderRow.root)))


def forget() -> None:
    """Let the next session open the database anew, as another process does."""
    while sessions._open:  # noqa: SLF001 - there is no other way to forget
        sessions._close(sessions._open.popitem()[1].reads)  # noqa: SLF001
