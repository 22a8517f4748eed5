"""`accounts` and `audit`: from nobody to a key and back, all of it in the audit."""

import io
import json

import pytest

from cifake_core import cli
from cifake_core.accounts.access import who_has_key
from cifake_core.accounts.store import Store
from cifake_core.accounts.tables import AuditRow
from cifake_core.basics.database import writing
from tests.accounts.conftest import ADMIN, PASSWORD


@pytest.fixture
def told(models, capsys, monkeypatch):
    """What a command says on stdout, which must succeed."""

    def call(*words: str, given: str = "") -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(given))
        status = cli.main(words, models)
        captured = capsys.readouterr()
        assert status == 0, captured.err
        return captured.out.strip()

    return call


@pytest.fixture
def began(told) -> str:
    """E-mail of the administrator, who has begun on the command line."""
    token = told("accounts", "first")
    given = f"{token}\n{PASSWORD}\n"
    told("accounts", "use", "--name", "Ann", "--email", ADMIN, given=given)
    return ADMIN


def test_from_nobody_to_a_key_and_back(told, began, user_data):
    """Each command does what it says, and the audit has it."""
    link = json.loads(
        told("accounts", "invite", "bob@example.org", "--role", "analyst", "--json")
    )["link"]
    told("accounts", "use", "--name", "Bob", given=f"{link}\n{PASSWORD}\n")
    key = told(
        *("accounts", "key", "bob@example.org", "--name", "nightly"),
        *("--may", "jobs", "--may", "look", "--days", "30"),
    )
    store = Store(user_data)
    assert who_has_key(store, key, source="").rights == {"look", "jobs"}

    users = json.loads(told("accounts", "list", "--json"))["users"]
    assert [each["email"] for each in users] == [began, "bob@example.org"]
    (listed,) = json.loads(told("accounts", "keys", "--json"))["keys"]
    assert listed["last_used"]
    assert listed["scopes"] == ["look", "jobs"]
    assert listed["prefix"] in told("accounts", "keys", "bob@example.org")

    assert "viewer now" in told("accounts", "role", "bob@example.org", "viewer")
    assert who_has_key(store, key, source="").rights == {"look"}
    told("accounts", "disable", "bob@example.org")
    assert "disabled" in told("accounts", "list")
    told("accounts", "enable", "bob@example.org")
    assert "revoked" in told("accounts", "revoke", listed["prefix"])
    assert "session" in told("accounts", "sessions", began)
    assert "0 sessions" in told("accounts", "sessions", began, "--end")
    reset = told("accounts", "reset", "bob@example.org")
    told("accounts", "use", given=f"{reset}\n{PASSWORD}\n")
    told("accounts", "remove", "bob@example.org")

    shown = told("audit", "show", "--newest", "50")
    for action in ("link.first.use", "key.make", "user.role", "user.remove"):
        assert action in shown
    assert key not in shown
    assert link not in shown


@pytest.mark.usefixtures("began")
def test_registration_is_told_and_chosen(told):
    """By invitation unless it is chosen."""
    assert told("accounts", "registration") == "Registration is: invitation."
    told("accounts", "registration", "open")
    assert told("accounts", "registration") == "Registration is: open."
    assert "invitation -> open" in told("audit", "show")


def test_the_audit_is_verified_and_exported(told, began, tmp_path):
    """With the digest that is kept elsewhere."""
    out = tmp_path / "audit.jsonl"
    held = json.loads(told("audit", "verify", "--json"))
    assert held["lines"] == 2
    assert held["digest"] in told("audit", "verify", "--known", held["digest"])
    assert (
        json.loads(told("audit", "export", "--out", str(out), "--json"))["lines"] == 2
    )
    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert lines[-1]["digest"] == held["digest"]
    assert lines[-1]["who"] == began
    assert told("audit", "forget", "--days", "1") == "0 lines are deleted."


@pytest.mark.usefixtures("began")
def test_tampering_is_found_out(user_data, models, capsys):
    """One changed word, and the command fails with a sentence."""
    with writing(user_data) as session:
        session.get(AuditRow, 1).who = "mallory"

    status = cli.main(["audit", "verify"], models)

    assert status == 2
    assert "line 1 was changed" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("use", ""), "Expected two lines"),
        (("use", "x\ny\n"), "was used, or is too old"),
        (("invite", "bob", ""), "Expected an e-mail address"),
        (("role", "bob@example.org", "king", ""), 'Choose from: "viewer"'),
        (("disable", "bob@example.org", ""), "There is no user bob@example.org"),
        (("key", "bob@example.org", "--name", "x", "--may", "fly", ""), "Choose from"),
        (("revoke", "x", ""), "no key x"),
        (("remove", ADMIN, ""), "last administrator"),
        (("first", ""), "an administrator already"),
    ],
)
@pytest.mark.usefixtures("began")
def test_bad_input_is_one_sentence(words, complaint, models, refusal, monkeypatch):
    """On stderr, with status 2."""
    *words, given = words
    monkeypatch.setattr("sys.stdin", io.StringIO(given))

    status = cli.main(["accounts", *words], models)

    assert status == 2
    assert complaint in refusal()
