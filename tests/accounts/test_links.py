"""One-time links: each does what it is for, once, on every kind of database."""

import threading

import pytest

from cifake_core.accounts.errors import AccountError, UnknownCallerError
from cifake_core.accounts.links import Links
from cifake_core.accounts.logins import Logins
from cifake_core.accounts.users import Users
from tests.accounts.conftest import ADMIN, PASSWORD, ROOT, added

OTHER = "copper window thistle 5"


@pytest.mark.usefixtures("database")
def test_the_first_link_makes_the_administrator(store, ann):
    """Who can log in then; there is no second one."""
    user = Users(store).get(ann)

    assert (user.email, user.name, user.role) == (ADMIN, "Ann", "administrator")
    assert Logins(store).log_in(ann, PASSWORD, source="here")
    with pytest.raises(AccountError, match="an administrator already"):
        Links(store).first(by=ROOT)


@pytest.mark.usefixtures("database", "ann")
def test_an_invitation_gives_the_role_that_it_names(store):
    """Whoever has it says who they are, not what they may."""
    email = added(store, " Bob@Example.org ", "analyst")

    user = Users(store).get("bob@example.org")
    assert (user.email, user.role) == (email, "analyst")
    with pytest.raises(AccountError, match="already"):
        Links(store).invite("BOB@example.org", "viewer", by=ROOT)


@pytest.mark.usefixtures("ann")
def test_a_link_is_used_once(store):
    """Also if two use it at the same time."""
    token = Links(store).invite("bob@example.org", "viewer", by=ROOT)
    told: list[str] = []

    def use() -> None:
        try:
            told.append(Links(store).use(token, PASSWORD, name="Bob", source="test"))
        except AccountError as error:
            told.append(str(error))

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert "bob@example.org" in told
    assert sum("was used, or is too old" in each for each in told) == 3


@pytest.mark.parametrize(
    ("kind", "days"), [("first", 1), ("invitation", 7), ("reset", 1)]
)
def test_a_link_that_is_too_old_is_refused(store, clock, kind, days, request):
    """And one in whose place there is another."""
    links = Links(store)
    if kind == "reset":
        request.getfixturevalue("ann")

    def make() -> str:
        if kind == "first":
            return links.first(by=ROOT)
        if kind == "invitation":
            return links.invite("bob@example.org", "viewer", by=ROOT)
        return links.reset(ADMIN, by=ROOT)

    replaced, token = make(), make()
    clock.go(days=days)

    for each in (replaced, token, "", "x" * 500):
        with pytest.raises(AccountError, match="was used, or is too old"):
            links.use(each, OTHER, name="Bob", email=ADMIN, source="test")


@pytest.mark.usefixtures("database")
def test_a_reset_gives_another_password_and_ends_sessions(store, ann):
    """The one before is good for nothing."""
    logins = Logins(store)
    logins.log_in(ann, PASSWORD, source="here")

    Links(store).use(Links(store).reset(ann, by=ROOT), OTHER, source="test")

    assert logins.listing(ann) == []
    with pytest.raises(UnknownCallerError):
        logins.log_in(ann, PASSWORD, source="here")
    assert logins.log_in(ann, OTHER, source="here")


def test_a_bad_password_does_not_use_up_the_link(store):
    """Nor does a name or an address that cannot be one."""
    token = Links(store).first(by=ROOT)

    for password, name, email in [
        ("short", "Ann", ADMIN),
        (PASSWORD, "", ADMIN),
        (PASSWORD, "Ann\nBob", ADMIN),
        (PASSWORD, "x" * 101, ADMIN),
        (PASSWORD, "Ann", ""),
        (PASSWORD, "Ann", "no address"),
        (PASSWORD, "Ann", "a@" + "x" * 260),
    ]:
        with pytest.raises(AccountError, match="Expected"):
            Links(store).use(token, password, name=name, email=email, source="test")

    assert Links(store).use(token, PASSWORD, name="Ann", email=ADMIN, source="test")


def test_a_reset_lets_nobody_in_who_is_shut_out(store, ann):
    """Only an administrator does."""
    bob = added(store, "bob@example.org")
    Users(store).set_active(bob, is_active=False, by=ROOT)

    Links(store).use(Links(store).reset(bob, by=ROOT), OTHER, source="test")

    with pytest.raises(UnknownCallerError):
        Logins(store).log_in(bob, OTHER, source="here")
    assert Users(store).get(ann).is_active
