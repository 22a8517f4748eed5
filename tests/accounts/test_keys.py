"""Keys: told once, limited in scope, time and number, on every kind of database."""

import threading

import pytest
from sqlalchemy import select

from cifake_core.accounts.access import expect, who_has_key
from cifake_core.accounts.audit import Audit
from cifake_core.accounts.errors import (
    AccountError,
    NotAllowedError,
    TooEarlyError,
    UnknownCallerError,
)
from cifake_core.accounts.keys import Keys
from cifake_core.accounts.tables import KeyRow
from cifake_core.accounts.users import Users
from cifake_core.basics.errors import UnknownNameError
from tests.accounts.conftest import ROOT, added


def made(store, email: str, *scopes: str, days=None, per_minute: int = 600) -> str:
    """A key."""
    return Keys(store).make(
        email, name="script", scopes=scopes, days=days, per_minute=per_minute, by=ROOT
    )


@pytest.mark.usefixtures("database")
def test_a_key_may_what_it_says(store, ann, clock):
    """Which is kept by its hash alone, with its last use."""
    key = made(store, ann, "judge", "look", "judge")

    who = who_has_key(store, key, source="10.0.0.1")

    assert (who.name, who.rights) == (ann, {"look", "judge"})
    (listed,) = Keys(store).listing(ann)
    assert listed.scopes == ("look", "judge")
    assert listed.last_used == clock()
    with store.reading() as session:
        row = session.scalars(select(KeyRow)).one()
        assert key.split("_", 2)[2] not in (row.key_hash, row.prefix, row.name)


@pytest.mark.usefixtures("database")
def test_a_key_that_is_not_valid_lets_nobody_in(store, ann, clock):
    """Revoked, expired, of another secret, of somebody shut out, or no key."""
    bob = added(store, "bob@example.org", "analyst")
    good, revoked, late = (made(store, ann, "look", days=each) for each in (9, 9, 1))
    bobs = made(store, bob, "jobs")
    Keys(store).revoke(revoked.split("_")[1], by=ROOT)
    Users(store).set_active(bob, is_active=False, by=ROOT)
    clock.go(days=1)

    wrong = (
        *(revoked, late, bobs, "", "x", "cifake__", good[:-1], good + "x"),
        *("_".join(("cifake", late.split("_")[1], good.split("_", 2)[2])), "é" * 40),
    )
    for key in wrong:
        with pytest.raises(UnknownCallerError, match="needs a key"):
            who_has_key(store, key, source="")
    assert who_has_key(store, good, source="").name == ann
    with pytest.raises(AccountError, match="no key"):
        Keys(store).revoke(revoked.split("_")[1], by=ROOT)


def test_a_key_has_no_more_rights_than_its_owner(store, ann):
    """When it is made, and when its owner gets another role."""
    bob = added(store, "bob@example.org", "analyst")
    with pytest.raises(AccountError, match="may not administer"):
        made(store, bob, "jobs", "administer")
    key = made(store, bob, "jobs", "look")

    Users(store).set_role(bob, "viewer", by=ROOT)

    assert who_has_key(store, key, source="").rights == {"look"}
    assert Users(store).get(ann).role == "administrator"


@pytest.mark.usefixtures("database")
def test_the_limit_is_counted_in_the_database(store, ann, clock):
    """Exactly so many a minute, however many ask at once; the next minute anew."""
    key, other = made(store, ann, "look", per_minute=5), made(store, ann, "look")
    told: list[str] = []

    def ask() -> None:
        try:
            told.append(who_has_key(store, key, source="").name)
        except TooEarlyError as error:
            told.append(f"{error} {error.seconds}")

    for _ in range(2):
        told.clear()
        threads = [threading.Thread(target=ask) for _ in range(9)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert told.count(ann) == 5
        late = {each for each in told if each != ann}
        assert late == {
            "This key may ask 5 times a minute; send the next one later. 53"
        }
        assert who_has_key(store, other, source="").name == ann
        clock.go(minutes=1)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"days": 0}, AccountError),
        ({"days": 3651}, AccountError),
        ({"per_minute": 0}, AccountError),
        ({"per_minute": 10_000_000}, AccountError),
        ({"name": " "}, AccountError),
        ({"scopes": []}, AccountError),
        ({"scopes": ["fly"]}, UnknownNameError),
        ({"email": "bob@example.org"}, AccountError),
    ],
)
def test_a_bad_key_is_not_made(store, ann, change, error):
    """In a sentence."""
    asked = {"email": ann, "name": "x", "scopes": ["look"], "days": None, "by": ROOT}
    asked |= change
    email = asked.pop("email")

    with pytest.raises(error):
        Keys(store).make(email, **asked)

    assert Keys(store).listing() == []


def test_a_refusal_is_noted(store, ann):
    """Who wanted what, and which right was lacking."""
    who = who_has_key(store, made(store, ann, "look"), source="10.0.0.1")

    expect(store, who, "look", what="GET /networks")
    with pytest.raises(NotAllowedError, match="right to 'jobs'"):
        expect(store, who, "jobs", what="POST /jobs")

    (line,) = Audit(store).lines(newest=1)
    assert (line.who, line.source, line.action) == (ann, "10.0.0.1", "refused")
    assert (line.subject, line.result) == ("POST /jobs", "jobs")
