"""Policies that an administrator chooses: who may register by themselves."""

from typing import Final, Literal, TypeAlias, cast, get_args

from sqlalchemy.orm import Session

from cifake_core.accounts.audit import note
from cifake_core.accounts.records import Who
from cifake_core.accounts.store import Store
from cifake_core.accounts.tables import SettingRow
from cifake_core.basics.registry import lookup

#: "open" to whoever reaches the server, "invitation" for those who have a link, or
#: "closed" to all who are not there yet.
Registration: TypeAlias = Literal["open", "invitation", "closed"]
REGISTRATIONS: Final[tuple[Registration, ...]] = get_args(Registration)

_REGISTRATION: Final = "registration"
_DEFAULT: Final[Registration] = "invitation"


class Policies:
    """Policies in the user's database.

    Args:
        store: has them.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def registration(self) -> Registration:
        """Who may register; by invitation, unless an administrator chose otherwise."""
        with self._store.reading() as session:
            return registration_in(session)

    def set_registration(self, value: str, *, by: Who) -> Registration:
        """Choose who may register from now on; the one before.

        Raises:
            UnknownNameError: If there is no such choice.
        """
        known: dict[str, Registration] = {each: each for each in REGISTRATIONS}
        chosen = lookup(known, value, kind="registration")
        with self._store.writing() as session:
            former = registration_in(session)
            row = session.get(SettingRow, _REGISTRATION)
            if row is None:
                session.add(SettingRow(name=_REGISTRATION, value=chosen))
            else:
                row.value = chosen
            note(
                session,
                now=self._store.now(),
                who=by,
                action="policy.registration",
                result=f"{former} -> {chosen}",
            )
        return former


def registration_in(session: Session) -> Registration:
    """Who may register, as a session sees it."""
    row = session.get(SettingRow, _REGISTRATION)
    return cast("Registration", row.value) if row else _DEFAULT  # `set_registration`
