"""Commands where there are accounts: every one against every role, and nobody."""

import pytest

from cifake_core import cli
from cifake_core.accounts.audit import Audit
from cifake_core.accounts.keys import Keys
from cifake_core.accounts.roles import RIGHTS_OF, ROLES
from cifake_core.accounts.settings import VARIABLE
from cifake_core.accounts.store import Store
from cifake_core.accounts.users import Users
from cifake_core.basics.places import DATABASE_FILE
from cifake_core.cli.app import build_app
from cifake_core.cli.guard import COMMAND_LINE, KEY_VARIABLE, NEEDS
from tests.accounts.conftest import ROOT, added
from tests.cli.test_main import CAT

#: No command has it, so that one that is let in says so, and does nothing.
UNKNOWN = "--no-such-option"


def commands(app, before: tuple[str, ...] = ()) -> list[str]:
    """Every command with its words, as the program itself has them."""
    found = []
    for name in app:
        if name.startswith("-"):
            continue
        words, below = (*before, name), commands(app[name], (*before, name))
        found += below or [" ".join(words)]
    return found


@pytest.fixture
def store(user_data, monkeypatch) -> Store:
    """Accounts that are on, with a user of each role, called by it."""
    monkeypatch.setenv(VARIABLE, "local")
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    store = Store(user_data)
    for role in reversed(ROLES):
        added(store, f"{role}@example.org", role)
    return store


def key_of(store: Store, role: str, *scopes: str, **more: int) -> str:
    """A new key of the user of that role."""
    scopes = scopes or tuple(RIGHTS_OF[role])
    return Keys(store).make(
        f"{role}@example.org", name="test", scopes=scopes, days=None, by=ROOT, **more
    )


def let_in(name: str) -> str:
    """What a command says of words that it does not know, to who may call it."""
    return f"See `python -m cifake_core {name} --help`"


def test_every_command_has_its_need():
    """And no line is left of one that is gone."""
    assert sorted(commands(build_app())) == sorted(NEEDS)


@pytest.mark.parametrize("role", ROLES)
def test_every_command_against_every_role(store, role, models, capsys, monkeypatch):
    """Who may comes through; who may not is told so, and it is in the audit."""
    monkeypatch.setenv(KEY_VARIABLE, key_of(store, role, per_minute=10_000))

    for name, right in NEEDS.items():
        status = cli.main([*name.split(), UNKNOWN], models)
        told = capsys.readouterr().err
        assert status == 2
        if right is None or right in RIGHTS_OF[role]:
            assert let_in(name) in told, name
            continue
        assert f"needs the right to {right!r}, which {role}@example.org" in told, name
        (line,) = Audit(store).lines(newest=1)
        assert (line.who, line.source) == (f"{role}@example.org", COMMAND_LINE)
        assert (line.action, line.subject) == ("refused", f"command {name}")


def test_a_command_without_a_key_is_the_owners(store, models, capsys):
    """Whoever can open the database themselves is its administrator."""
    for name in NEEDS:
        assert cli.main([*name.split(), UNKNOWN], models) == 2
        assert let_in(name) in capsys.readouterr().err, name
    assert not [each for each in Audit(store).lines() if each.action == "refused"]


@pytest.mark.usefixtures("store")
def test_who_cannot_open_the_database_may_do_nothing(models, capsys, user_data):
    """The sentence says why; only what anybody may goes on."""
    for file in user_data.glob(f"{DATABASE_FILE}*"):
        file.unlink()
    (user_data / DATABASE_FILE).write_bytes(b"no database" * 1000)

    for name, right in NEEDS.items():
        assert cli.main([*name.split(), UNKNOWN], models) == 2
        assert (let_in(name) in capsys.readouterr().err) == (right is None), name
    assert cli.main(["versions", "--help"], models) == 0
    assert cli.main(["predict", "--help"], models) == 0


@pytest.mark.parametrize("key", ["x", "cifake_x_y", "revoked"])
def test_a_key_that_is_none_is_refused(store, key, models, capsys, monkeypatch):
    """It makes nobody an administrator, not even who could be one without it."""
    if key == "revoked":
        key = key_of(store, "administrator")
        Keys(store).revoke(key.split("_")[1], by=ROOT)
    monkeypatch.setenv(KEY_VARIABLE, key)

    assert cli.main(["accounts", "list"], models) == 2

    captured = capsys.readouterr()
    assert "needs a key that is valid" in captured.err
    assert "CIFAKE_KEY" in captured.err
    assert captured.out == ""


def test_what_is_done_with_a_key_is_its_owners(store, models, capsys, monkeypatch):
    """The audit names them, and another role counts with the next command."""
    monkeypatch.setenv(KEY_VARIABLE, key_of(store, "administrator"))
    added(store, "second@example.org", "administrator")

    assert cli.main(["accounts", "registration", "open"], models) == 0
    (line,) = Audit(store).lines(newest=1)
    assert (line.who, line.source) == ("administrator@example.org", COMMAND_LINE)
    Users(store).set_role("administrator@example.org", "viewer", by=ROOT)
    assert cli.main(["accounts", "registration", "closed"], models) == 2
    assert "right to 'administer'" in capsys.readouterr().err


def test_a_key_has_its_limit(store, models, capsys, monkeypatch):
    """Each command counts once, told with what to do."""
    monkeypatch.setenv(KEY_VARIABLE, key_of(store, "viewer", per_minute=2))

    told = []
    for _ in range(5):  # a new minute may begin
        cli.main(["compare", UNKNOWN], models)
        told.append(capsys.readouterr().err)

    refused = [each for each in told if "2 times a minute" in each]
    assert 1 <= len(refused) <= 3


def test_saving_an_evaluation_needs_more(store, models, capsys, monkeypatch):
    """To look is for all; to change what stands beside the weights is not."""
    monkeypatch.setenv(KEY_VARIABLE, key_of(store, "viewer"))

    assert cli.main(["evaluate", "cnn", "--save"], models) == 2

    assert "right to 'administer'" in capsys.readouterr().err


@pytest.mark.parametrize("words", [("filters", "--", "--help"), ("retention", "show")])
def test_without_accounts_nobody_is_asked(words, models, capsys, monkeypatch):
    """A key that is none does not matter, and no database is made."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv(KEY_VARIABLE, "x")

    cli.main(words, models)

    assert "key" not in capsys.readouterr().err


def test_help_behind_two_dashes_is_no_way_in(store, models, capsys, monkeypatch):
    """It is a name there, and the command is asked for."""
    monkeypatch.setenv(KEY_VARIABLE, key_of(store, "viewer", "look"))

    assert cli.main(["predict", str(CAT), "--", "--help"], models) == 2

    assert "right to 'judge'" in capsys.readouterr().err
