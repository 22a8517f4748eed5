"""Subjects of a provider, on every kind of database: one user each, whoever asks."""

import threading

import pytest

from cifake_core.accounts.access import who_has_session
from cifake_core.accounts.audit import Audit
from cifake_core.accounts.errors import AccountError
from cifake_core.accounts.oidc.settings import OidcSettings
from cifake_core.accounts.oidc.subjects import LASTS, Subjects
from cifake_core.accounts.users import Users
from tests.accounts.conftest import ROOT

ISSUER = "https://login.example.org"
SETTINGS = OidcSettings(
    issuer=ISSUER,
    client_id="cifake",
    client_secret="",
    address="https://cifake.example.org",
    role_claim="groups",
    roles={"it": "administrator", "desk": "analyst"},
)


def claims(subject: str, **more: object) -> dict[str, object]:
    """What the provider says of somebody."""
    return {"iss": ISSUER, "sub": subject, **more}


@pytest.mark.usefixtures("database")
def test_a_subject_is_one_user(store, clock):
    """Letter by letter, also where a database takes capitals for small letters."""
    subjects = Subjects(store, SETTINGS)
    first = subjects.log_in(claims("eve", name="Eve"), source="here")
    again = subjects.log_in(claims("eve", groups="it"), source="there")
    other = subjects.log_in(claims("EVE"), source="here")
    elsewhere = claims("eve") | {"iss": "https://login.example.com"}
    third = subjects.log_in(elsewhere, source="here")

    tokens = (first, again, other, third)
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
    assert subjects.log_in(claims("eve"), source="here")


@pytest.mark.usefixtures("database")
def test_first_log_ins_at_once_make_one_user(store):
    """Each gets a session of its own."""
    tokens: list[str] = []

    def log_in() -> None:
        subjects = Subjects(store, SETTINGS)
        tokens.append(subjects.log_in(claims("eve"), source="here"))

    threads = [threading.Thread(target=log_in) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert len({*tokens}) == 6
    assert len(Users(store).listing()) == 1


@pytest.mark.parametrize("name", ["\x00\n", "", 7, None, "@", "x" * 500, "A\u202eB"])
def test_any_name_can_be_kept(store, name):
    """Of whatever kind and length the provider says."""
    Subjects(store, SETTINGS).log_in(claims("eve", name=name), source="here")

    (user,) = Users(store).listing()
    assert user.name.isprintable()
    assert 1 <= len(user.name) <= 100
