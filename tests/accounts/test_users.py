"""Users: removed with all they had, and an administrator always stays."""

import pytest
from sqlalchemy import func, select

from cifake_core.accounts.audit import Audit
from cifake_core.accounts.errors import AccountError
from cifake_core.accounts.keys import Keys
from cifake_core.accounts.links import Links
from cifake_core.accounts.logins import Logins
from cifake_core.accounts.settings import VARIABLE, accounts_are_on
from cifake_core.accounts.tables import KeyRow, LinkRow, SessionRow
from cifake_core.accounts.users import Users
from cifake_core.basics.errors import SettingError, UnknownNameError
from tests.accounts.conftest import PASSWORD, ROOT, added


@pytest.mark.usefixtures("database")
def test_the_last_administrator_stays(store, ann):
    """Removed, shut out or demoted is only who leaves another one."""
    users = Users(store)
    bob = added(store, "bob@example.org")
    for change in (
        lambda: users.remove(ann, by=ROOT),
        lambda: users.set_role(ann, "analyst", by=ROOT),
        lambda: users.set_active(ann, is_active=False, by=ROOT),
    ):
        with pytest.raises(AccountError, match="last administrator"):
            change()
    assert [each.email for each in users.listing()] == [ann, bob]

    users.set_role(bob, "administrator", by=ROOT)
    users.remove(ann, by=ROOT)

    assert [each.email for each in users.listing()] == [bob]


@pytest.mark.usefixtures("database", "ann")
def test_a_removed_user_leaves_nothing_but_the_audit(store):
    """Sessions, keys and links are gone; what they did is still told."""
    bob = added(store, "bob@example.org")
    Logins(store).log_in(bob, PASSWORD, source="here")
    Keys(store).make(bob, name="script", scopes=["look"], days=None, by=ROOT)
    Links(store).reset(bob, by=ROOT)

    Users(store).remove(bob, by=ROOT)

    with store.reading() as session:
        for table in (SessionRow, KeyRow, LinkRow):
            query = select(func.count()).select_from(table)
            assert session.scalar(query) == 0
    told = [(line.action, line.subject) for line in Audit(store).lines()]
    assert ("login", bob) in told
    assert told[-1] == ("user.remove", bob)


def test_who_is_not_there_is_a_sentence(store, ann):
    """As is a role that is none."""
    users = Users(store)
    with pytest.raises(AccountError, match=r"There is no user bob@example\.org"):
        users.get("Bob@example.org")
    with pytest.raises(AccountError, match="Expected an e-mail address"):
        users.get("bob")
    with pytest.raises(UnknownNameError, match="no role called 'king'"):
        users.set_role(ann, "king", by=ROOT)


def test_accounts_are_off_unless_switched_on():
    """A value that is not known starts no server unguarded."""
    assert not accounts_are_on({})
    assert not accounts_are_on({VARIABLE: ""})
    for mode in ("local", "oidc"):
        assert accounts_are_on({VARIABLE: mode})
    for value in ("on", "LOCAL", "oidc,local"):
        with pytest.raises(SettingError, match="CIFAKE_ACCOUNTS is 'local' or 'oidc'"):
            accounts_are_on({VARIABLE: value})
