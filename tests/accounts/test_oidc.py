"""Subjects of a provider, on every kind of database: one user each, whoever asks."""

import contextlib
import itertools
import threading

import pytest

from cifake_core.accounts.access import who_has_session
from cifake_core.accounts.audit import Audit
from cifake_core.accounts.errors import AccountError, StaleAnswerError
from cifake_core.accounts.links import Links
from cifake_core.accounts.oidc.settings import OidcSettings
from cifake_core.accounts.oidc.subjects import LASTS, Subjects, enter
from cifake_core.accounts.store import Store
from cifake_core.accounts.tables import LinkRow
from cifake_core.accounts.users import Users
from tests.accounts.conftest import ROOT

ISSUER = "https://login.example.org"
SETTINGS = OidcSettings(
    issuer=ISSUER,
    client_id="cifake",
    client_secret="a secret",  # noqa: S106 - of nobody
    address="https://cifake.example.org",
    role_claim="groups",
    roles={"it": "administrator", "desk": "analyst"},
)


_NUMBERS = itertools.count()


def log_in(store: Store, subject: str, *, iss: str = ISSUER, **more: object) -> str:
    """Token of the session of whom the provider names now."""
    said = {"iss": iss, "sub": subject, "iat": store.now().timestamp()}
    said |= {"nonce": next(_NUMBERS)} | more
    token = Subjects(store, SETTINGS).admit(said, source="page")
    return enter(store, token, source="here")


@pytest.mark.usefixtures("database")
def test_a_subject_is_one_user(store, clock):
    """Letter by letter, also where a database takes capitals for small letters."""
    tokens = (
        log_in(store, "eve", name="Eve"),
        log_in(store, "eve", groups="it"),
        log_in(store, "EVE"),
        log_in(store, "eve", iss="https://login.example.com"),
    )

    who = [who_has_session(store, token, source="") for token in tokens]
    assert who[0] == who[1]
    assert who[0].may("administer")
    assert len({each.user for each in who}) == 3
    assert len({each.name for each in who}) == 3
    assert Users(store).get(who[0].name).name == "Eve"
    with pytest.raises(AccountError, match="last administrator"):
        Users(store).remove(who[0].name, by=ROOT)
    assert Audit(store).verify()[0] == 8
    clock.go(seconds=LASTS.total_seconds())
    assert log_in(store, "eve")


@pytest.mark.usefixtures("database")
def test_first_log_ins_at_once_make_one_user(store):
    """Each gets a session of its own."""
    tokens: list[str] = []

    def log_in_there() -> None:
        tokens.append(log_in(store, "eve"))

    threads = [threading.Thread(target=log_in_there) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert len({*tokens}) == 6
    assert len(Users(store).listing()) == 1


@pytest.mark.parametrize("name", ["\x00\n", "", 7, None, "@", "x" * 500, "A\u202eB"])
def test_any_name_can_be_kept(store, name):
    """Of whatever kind and length the provider says."""
    log_in(store, "eve", name=name)

    (user,) = Users(store).listing()
    assert user.name.isprintable()
    assert 1 <= len(user.name) <= 100


@pytest.mark.usefixtures("database")
def test_an_answer_at_once_in_two_windows_admits_once(store):
    """The other is told; who was admitted enters once, and soon."""
    said = {"iss": ISSUER, "sub": "eve", "iat": store.now().timestamp()}
    tokens: list[str] = []

    def admit() -> None:
        with contextlib.suppress(StaleAnswerError):
            tokens.append(Subjects(store, SETTINGS).admit(said, source="page"))

    threads = [threading.Thread(target=admit) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    (token,) = tokens
    assert enter(store, token, source="here")
    with pytest.raises(StaleAnswerError, match="was used"):
        enter(store, token, source="here")


def test_who_was_admitted_has_a_minute(store, clock):
    """Then the provider is asked anew; what was used of it is forgotten by then."""
    said = {"iss": ISSUER, "sub": "eve", "iat": store.now().timestamp()}
    token = Subjects(store, SETTINGS).admit(said, source="page")
    clock.go(seconds=60)
    with pytest.raises(StaleAnswerError, match="took too long"):
        enter(store, token, source="here")
    clock.go(seconds=700)
    with pytest.raises(StaleAnswerError, match="long ago"):
        Subjects(store, SETTINGS).admit(said, source="page")
    assert log_in(store, "eve")
    with store.reading() as session:
        assert session.query(LinkRow).count() == 1


def test_no_link_is_made_of_what_was_admitted(store):
    """A token of one kind is none of another."""
    said = {"iss": ISSUER, "sub": "eve", "iat": store.now().timestamp()}
    token = Subjects(store, SETTINGS).admit(said, source="page")

    with pytest.raises(AccountError, match="This link was used"):
        Links(store).kind(token)
