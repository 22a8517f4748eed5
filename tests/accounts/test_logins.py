"""Logins: same words and time for unknown names, delays, sessions that end."""

import statistics
import threading
import time

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from cifake_core.accounts import passwords
from cifake_core.accounts.access import who_has_session
from cifake_core.accounts.attempts import FREE
from cifake_core.accounts.errors import (
    AccountError,
    TooEarlyError,
    UnknownCallerError,
)
from cifake_core.accounts.logins import IDLE, LASTS, Logins
from cifake_core.accounts.tables import SessionRow, UserRow
from cifake_core.accounts.users import Users
from tests.accounts.conftest import ADMIN, PASSWORD, ROOT, added

WRONG = "copper window thistle 5"


def failed(store, email: str, source: str, password: str = WRONG) -> float:
    """Seconds to wait, or 0.0, after an attempt that is refused."""
    try:
        Logins(store).log_in(email, password, source=source)
    except UnknownCallerError:
        return 0.0
    except TooEarlyError as error:
        return error.seconds
    pytest.fail("was let in")


@pytest.mark.usefixtures("database")
def test_a_session_is_its_users(store, ann):
    """The token is in the database by its hash alone."""
    token = Logins(store).log_in(" ANN@example.org", PASSWORD, source="10.0.0.1")

    who = who_has_session(store, token, source="10.0.0.1")

    assert who.name == ann
    assert who.may("administer")
    with store.reading() as session:
        row = session.scalars(select(SessionRow)).one()
        assert token not in (row.token_hash, row.source)
    (listed,) = Logins(store).listing(ann)
    assert (listed.source, listed.created) == ("10.0.0.1", store.now())


@pytest.mark.usefixtures("database")
def test_a_session_that_has_ended_is_good_for_nothing(store, ann):
    """Here, everywhere, or by an administrator; others stay."""
    logins = Logins(store)
    first, second, third = (
        logins.log_in(ann, PASSWORD, source=str(each)) for each in range(3)
    )
    bob = added(store, "bob@example.org")
    bobs = logins.log_in(bob, PASSWORD, source="3")

    logins.log_out(first, by=ROOT)
    logins.log_out("x", by=ROOT)
    assert len(logins.listing(ann)) == 2
    (number,) = (each.number for each in logins.listing(ann) if each.source == "1")
    assert logins.end(ann, number, by=ROOT) == 1
    with pytest.raises(AccountError, match="no session"):
        logins.end(bob, number, by=ROOT)
    assert who_has_session(store, third, source="").name == ann
    assert logins.end(ann, by=ROOT) == 1

    for token in (first, second, third, "", "x"):
        with pytest.raises(UnknownCallerError, match="Log in"):
            who_has_session(store, token, source="")
    assert who_has_session(store, bobs, source="").name == bob


def test_a_session_ends_by_itself(store, ann, clock):
    """When it is not used, and after its time all the same."""
    token = Logins(store).log_in(ann, PASSWORD, source="")
    unused = Logins(store).log_in(ann, PASSWORD, source="")
    end = clock.moment + LASTS

    while clock.moment < end:
        assert who_has_session(store, token, source="").name == ann
        clock.go(seconds=IDLE.total_seconds() / 2)

    for each in (token, unused):
        with pytest.raises(UnknownCallerError):
            who_has_session(store, each, source="")


def test_who_is_shut_out_is_out_at_once(store, ann):
    """And another role is another role at once."""
    bob = added(store, "bob@example.org", "analyst")
    token = Logins(store).log_in(bob, PASSWORD, source="")

    Users(store).set_role(bob, "viewer", by=ROOT)
    who = who_has_session(store, token, source="")
    assert (who.may("judge"), who.may("history")) == (True, False)
    Users(store).set_active(bob, is_active=False, by=ROOT)

    with pytest.raises(UnknownCallerError):
        who_has_session(store, token, source="")
    with pytest.raises(UnknownCallerError):
        Logins(store).log_in(bob, PASSWORD, source="")
    assert Users(store).get(ann).is_active


@pytest.mark.usefixtures("database")
def test_failures_let_wait_ever_longer(store, ann, clock):
    """For a name from one address, known or not, in the same words."""
    for email in (ann, "nobody@example.org"):
        assert [failed(store, email, "bad") for _ in range(5)] == [0, 0, 0, 0, 1]
        waits = []
        for _ in range(5):
            clock.go(seconds=failed(store, email, "bad"))
            assert failed(store, email, "bad") == 0
            waits.append(failed(store, email, "bad"))
        assert waits == [2, 4, 8, 16, 32]

    with pytest.raises(TooEarlyError):  # the right one has to wait as well
        Logins(store).log_in(ann, PASSWORD, source="bad")
    assert Logins(store).log_in(ann, PASSWORD, source="good")  # but not elsewhere


def test_the_wait_has_a_most_and_an_end(store, ann, clock):
    """A quarter of an hour; after a day without failures all is forgotten."""
    for _ in range(20):
        clock.go(seconds=failed(store, ann, "bad"))
        failed(store, ann, "bad")
    assert failed(store, ann, "bad") == 15 * 60

    clock.go(days=1, minutes=1)

    assert [failed(store, ann, "bad") for _ in range(3)] == [0, 0, 0]
    assert Logins(store).log_in(ann, PASSWORD, source="bad")


def test_success_forgets_failures(store, ann):
    """Who has mistyped begins anew."""
    for _ in range(3):
        for _ in range(FREE["pair"]):
            failed(store, ann, "here")
        Logins(store).log_in(ann, PASSWORD, source="here")


def test_many_at_once_do_not_all_come_through(store, ann):
    """Each is counted before its password is looked at."""
    told: list[float] = []
    threads = [
        threading.Thread(target=lambda: told.append(failed(store, ann, "bad")))
        for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told) == [0.0] * (FREE["pair"] + 1) + [1.0] * 8


def test_a_thousand_wrong_logins_slow_nobody_else(store, ann):
    """Neither by names nor by work: most are refused before the slow hash."""
    begin = time.process_time()
    looked_at = sum(
        failed(store, f"{number % 7}@example.org", "bad") == 0 for number in range(1000)
    )
    seconds = time.process_time() - begin

    assert looked_at <= 7 * (FREE["pair"] + 1)
    assert seconds < 20
    assert Logins(store).log_in(ann, PASSWORD, source="good")


@pytest.mark.usefixtures("database", "ann")
@pytest.mark.parametrize("email", ["", "a\x00b", "\udc80", "x" * 9999, "' OR 1=1 --"])
def test_an_odd_name_is_one_that_nobody_has(store, email):
    """In the same words, with whatever password."""
    for password in ("", "\udc80", "x" * 9999):
        with pytest.raises(UnknownCallerError, match="do not belong together"):
            Logins(store).log_in(email, password, source="here")


def test_an_unknown_name_takes_as_long(store, ann):
    """The work for both is alike, so time does not tell who has an account."""
    passwords.is_password("x", "")  # the first one makes nobody's hash

    def median(email: str) -> float:
        times = []
        for number in range(9):
            begin = time.process_time()
            failed(store, email, f"{email}{number}")
            times.append(time.process_time() - begin)
        return statistics.median(times)

    known, unknown = median(ann), median("nobody@example.org")

    assert 0.5 < known / unknown < 2.0


def test_a_hash_of_other_parameters_is_made_anew(store, ann):
    """When its owner logs in, as only then the password is known."""
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    with store.writing() as session:
        session.scalars(select(UserRow)).one().password_hash = old

    Logins(store).log_in(ann, PASSWORD, source="")

    with store.reading() as session:
        kept = session.scalars(select(UserRow)).one().password_hash
    assert kept.startswith("$argon2id$")
    assert kept != old
    assert not passwords.is_outdated(kept)
    assert passwords.is_password(PASSWORD, kept)


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("", "of 10 to 200 letters"),
        ("short", "of 10 to 200 letters"),
        ("x" * 201, "of 10 to 200 letters"),
        ("password123", "very common"),
        ("qwertyuiop", "top-100 common"),
        ("aaaaaaaaaaaaaaaa", "Repeats"),
        ("ann@example.org", "too easily guessed"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(password, told):
    """In a sentence that says why."""
    with pytest.raises(AccountError, match=told):
        passwords.check_password(password, ADMIN, "Ann")


def test_a_password_is_the_same_on_every_keyboard():
    """An accent as a letter of its own is no other password; "" has no password."""
    kept = passwords.password_hash("crème brûlée at noon")

    assert passwords.is_password("cre\u0300me bru\u0302le\u0301e at noon", kept)
    assert not passwords.is_password("creme brulee at noon", kept)
    assert not passwords.is_password("", "")
    assert not passwords.is_password("x", "no hash at all")


def test_a_changed_password_needs_the_one_before(store, ann):
    """And ends all sessions."""
    users, logins = Users(store), Logins(store)
    logins.log_in(ann, PASSWORD, source="")

    with pytest.raises(AccountError, match="is another"):
        users.change_password(ann, WRONG, WRONG, by=ROOT)
    users.change_password(ann, PASSWORD, WRONG, by=ROOT)

    assert logins.listing(ann) == []
    assert logins.log_in(ann, WRONG, source="")
