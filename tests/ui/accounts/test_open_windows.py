"""Windows that stay open: what a click asks for is looked up when it is clicked.

A click comes before its page is drawn again, so that it is the first to know that
somebody has another role, or none.
"""

import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from cifake_core.accounts.audit import Audit
from cifake_core.accounts.logins import Logins
from cifake_core.accounts.users import Users
from cifake_core.data.datasets import index, library
from cifake_core.ui.navigation import NEEDS
from tests.accounts.conftest import ADMIN, ROOT, added
from tests.made_datasets import add_set
from tests.ui.reading import ROOT as CHECKOUT
from tests.ui.reading import OpenApp

pytestmark = pytest.mark.usefixtures("as_served")

#: Everything behind a page that a role may be lacking, by the right that it needs.
BEHIND = {
    "administered.datasets": "administer",
    "administered.versions": "administer",
    "administered.labelling": "administer",
    "administered.detector": "administer",
    "teaching.retraining": "administer",
    "history.history": "history",
    "jobs.queue": "jobs",
    "jobs.expect_server_paths": "administer",
}
#: Parts of the workbench that only what is in `BEHIND` may hand to pages.
GUARDED = r"bench\(\)\.(datasets|versions|labelling|history|objects\.fetch)\b"


@pytest.fixture
def eve(store, log_in: Callable[[str], None]) -> str:
    """E-mail of an administrator who looks, beside another one."""
    added(store, ADMIN, "administrator")
    log_in(added(store, "eve@example.org", "administrator"))
    return "eve@example.org"


def lose(store, email: str, how: str) -> None:
    """Take from somebody what they had."""
    if how == "demoted":
        Users(store).set_role(email, "viewer", by=ROOT)
    elif how == "shut out":
        Users(store).set_active(email, is_active=False, by=ROOT)
    else:
        Logins(store).end(email, by=ROOT)


@pytest.mark.parametrize("how", ["demoted", "shut out", "logged out"])
def test_a_click_after_the_demotion_does_nothing(  # noqa: PLR0913, PLR0917 - fixtures
    open_app: OpenApp, store, eve, user_data, tmp_path, how: str
):
    """A sentence says so, the data set is there, and the audit has the attempt."""
    add_set(user_data, tmp_path / "set", "mine")
    app = open_app("pages/data_sets.py")
    app.query_params["set"] = "mine"
    app.run()
    lose(store, eve, how)

    app.button(key="data_sets_remove").click().run()

    assert index.names(user_data / library.FOLDER) == ["mine"]
    assert not app.exception
    told = " ".join([*(each.value for each in app.error), *_html(app)])
    if how == "demoted":
        assert app.title[0].value == "Data sets needs another role"
        assert "needs the right to 'administer'" in told
        lines = [each for each in Audit(store).lines() if each.action == "refused"]
        assert [(each.who, each.subject) for each in lines] == [(eve, "data sets")]
    else:
        assert "Log in first" in told
        assert not app.title


def _html(app: AppTest) -> list[str]:
    """What stands in elements of HTML."""
    return [each.proto.body for each in app.get("html")]


def _ask(name: str) -> None:
    """Script that asks for what is behind a page, and says what came."""
    from importlib import import_module

    import streamlit as st

    from cifake_core.basics.errors import CifakeError

    module, _, function = name.partition(".")
    try:
        getattr(import_module(f"cifake_core.ui.services.{module}"), function)()
    except CifakeError as error:
        st.error(str(error))
    else:
        st.success("came")


@pytest.mark.parametrize("name", BEHIND)
def test_what_is_behind_a_page_asks_who_it_is_for(made, store, eve, name: str):
    """As whoever it is at that moment."""
    del made
    app = AppTest.from_function(_ask, args=(name,), default_timeout=60)
    assert [each.value for each in app.run().success] == ["came"]

    Users(store).set_role(eve, "viewer", by=ROOT)

    (told,) = (each.value for each in app.run().error)
    assert f"needs the right to {BEHIND[name]!r}" in told
    Logins(store).end(eve, by=ROOT)
    (told,) = (each.value for each in app.run().error)
    assert told == "Log in first."


def test_pages_ask_for_nothing_past_their_guards():
    """No page or part of one takes from the workbench what `BEHIND` looks after."""
    files = [
        *(CHECKOUT / "pages").glob("*.py"),
        *(CHECKOUT / "cifake_core" / "ui" / "pages").rglob("*.py"),
        *(CHECKOUT / "cifake_core" / "ui" / "widgets").rglob("*.py"),
        *(CHECKOUT / "cifake_core" / "ui" / "browse").rglob("*.py"),
    ]
    past = {
        f"{each.name}: {found[0]}"
        for each in files
        for found in re.finditer(GUARDED, each.read_text("utf-8"))
    }

    assert len(files) > len(NEEDS)
    assert past == set()
