"""Pages where there are accounts: every one against every role, and nobody."""

import os
import subprocess
import sys

import pytest
import streamlit as st
from streamlit.util import calc_hash

from cifake_core.accounts.logins import Logins
from cifake_core.accounts.roles import RIGHTS_OF, ROLES
from cifake_core.accounts.settings import VARIABLE
from cifake_core.accounts.users import Users
from cifake_core.basics.places import USER_DATA_VARIABLE
from cifake_core.cases.casework import Cases
from cifake_core.cases.history import History
from cifake_core.ui.navigation import MOVED, NEEDS, SECTIONS
from tests.accounts.conftest import ADMIN, ROOT, added
from tests.made_history import made_record, switched_on
from tests.ui.reading import ROOT as CHECKOUT
from tests.ui.reading import OpenApp, texts

#: Titles in the menu by the files of the pages, in its order.
TITLES = {file: title for pages in SECTIONS.values() for file, title in pages}
PAGES = list(TITLES)

pytestmark = pytest.mark.usefixtures("as_served")


def test_every_page_has_its_need():
    """And no line is left of one that is gone."""
    files = [each.stem for each in (CHECKOUT / "pages").glob("*.py")]
    assert sorted(NEEDS) == sorted(files) == sorted(PAGES)
    assert set(MOVED.values()) <= set(NEEDS)


@pytest.mark.parametrize(
    ("value", "told"),
    [("local", "Log in first"), ("on", "CIFAKE_ACCOUNTS is 'local' or 'oidc'")],
)
def test_nobody_sees_a_page(open_app: OpenApp, monkeypatch, value: str, told: str):
    """A sentence that says what to do, and nothing of any page."""
    monkeypatch.setenv(VARIABLE, value)
    monkeypatch.setattr(type(st.context), "cookies", {"cifake_session": "x"})
    app = open_app()

    for page in ("", *PAGES):
        app._page_hash = calc_hash(page) if page else ""  # noqa: SLF001
        app.run()
        shown = [each.proto.body for each in app.get("html")]
        assert told in "".join([*shown, *(each.value for each in app.error)])
        assert not app.title
        assert not app.exception


@pytest.mark.parametrize("role", ROLES)
def test_every_page_against_every_role(open_app: OpenApp, store, log_in, role: str):
    """Who may sees it; who may not is told whom it is for, and whom to ask."""
    added(store, ADMIN, "administrator")
    log_in(added(store, f"{role}@example.org", role))
    app = open_app()
    first = app.title[0].value

    for file in PAGES[1:]:
        app._page_hash = calc_hash(file)  # noqa: SLF001 - also of what is in no menu
        app.run()
        title = app.title[0].value
        is_refused = title == f"{TITLES[file]} needs another role"
        assert title != first, file
        assert is_refused == (NEEDS[file] not in RIGHTS_OF[role]), file
        assert not app.exception, file
        if is_refused:
            (told,) = (each.value for each in app.info)
            for each in ROLES:
                assert (f"{each}s" in told) == (NEEDS[file] in RIGHTS_OF[each]), file
            assert f"{role}@example.org" in told
            assert ADMIN in told


def test_another_role_counts_with_the_next_click(open_app: OpenApp, store, log_in):
    """As does the end of a session, while the window stays open."""
    bob = added(store, "bob@example.org", "analyst")
    log_in(bob)
    app = open_app("pages/history.py")
    assert app.title[0].value == "What was judged before?"

    Users(store).set_role(bob, "viewer", by=ROOT)
    assert app.run().title[0].value == "History needs another role"
    Logins(store).end(bob, by=ROOT)

    assert not app.run().title


def test_without_accounts_there_is_no_trace(user_data):
    """No route, no gate, no table of users, nothing of them loaded, nothing written."""
    code = (
        "import app, sys; from cifake_core.ui.server.besides import besides;"
        "rest, = app.app._user_routes;"
        "middleware = [each.cls.__name__ for each in app.app._user_middleware];"
        "print(rest.path, middleware, [each for each in sys.modules if"
        " each in ('argon2', 'zxcvbn', 'sqlalchemy', 'authlib', 'smtplib',"
        " 'cifake_core.ui.accounts.door')])"
    )
    environment = {k: v for k, v in os.environ.items() if k != VARIABLE}

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=CHECKOUT,
        env=environment | {USER_DATA_VARIABLE: str(user_data)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "/api/v1 ['Headers'] []"
    assert [*user_data.iterdir()] == []


def test_without_accounts_nobody_is_named(open_app: OpenApp):
    """The corner has its switch alone, and every page is in the menu."""
    app = open_app()

    assert app.sidebar.toggle[0].label == "Large text"
    assert "account" not in "".join(each.proto.body for each in app.get("html"))
    for file in PAGES:
        app._page_hash = calc_hash(file)  # noqa: SLF001
        assert app.run().title, file


def test_history_and_cases_are_ones_own(open_app: OpenApp, store, log_in, user_data):
    """Neither an address nor a filter in it opens another's; members see a case."""
    ann, bob = (added(store, f"{n}@example.org", "analyst") for n in ("ann", "bob"))
    number = Users(store).get(ann).number
    switched_on(user_data)
    (record,) = History(user_data, number).keep([made_record(1)])
    case = Cases(user_data, number).create("Harbour")
    Cases(user_data, number).add(case.id, [record])
    log_in(bob)
    app = open_app()

    opened = {"part": "cases", "opened_case": str(case.id)}
    for query in (
        {},
        {"record": str(record)},
        {"case": "Harbour"},
        {"text": "ph"},
        opened,
    ):
        app.query_params = query
        app._page_hash = calc_hash("history")  # noqa: SLF001
        shown = texts(app.run())
        assert "photo_1.png" not in shown, query
        assert "Harbour" not in shown, query
        assert not [each for each in app.button if each.key == "history_off"]

    log_in(ann)
    app.query_params = opened
    app.run()
    assert "photo_1.png" in texts(app)
    app.text_input(key="history_member_" + str(case.id)).input(bob).run()
    app.button(key="history_share").click().run()
    assert Cases(user_data, number).members(case.id) == (Users(store).get(bob).number,)
    log_in(bob)
    assert "photo_1.png" in texts(app.run())
