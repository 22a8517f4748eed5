"""Expiry of what accounts keep by themselves: sessions, links and failed log-ins."""

from sqlalchemy import delete, or_

from cifake_core.accounts import attempts
from cifake_core.accounts.logins import IDLE
from cifake_core.accounts.store import Store
from cifake_core.accounts.tables import LinkRow, SessionRow
from cifake_core.basics.database import forget_deleted


def expire(store: Store) -> int:
    """Delete sessions and links that are good for nothing any more; how many.

    The addresses that they came from go with them. Failed log-ins are forgotten.
    """
    now = store.now()
    ended = or_(SessionRow.expires <= now, SessionRow.last_seen <= now - IDLE)
    with store.writing() as session:
        attempts.forget(session, now=now)
        gone = [
            session.execute(delete(SessionRow).where(ended)),
            session.execute(delete(LinkRow).where(LinkRow.expires <= now)),
        ]
        num: int = sum(each.rowcount for each in gone)  # type: ignore[attr-defined]
    if num:
        forget_deleted(store.user_data)
    return num
