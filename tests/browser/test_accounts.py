"""From the first link to a team: an administrator invites, a viewer sees less, leaves.

The server prints the link; nothing of the pages is there before the log-in.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from cifake_core.accounts.settings import VARIABLE
from cifake_core.basics.places import DATABASE_URL_VARIABLE
from tests.accounts.conftest import ADMIN, PASSWORD
from tests.browser import running
from tests.servers import Server

pytestmark = pytest.mark.browser

BOB = "bob@example.org"


@pytest.fixture(scope="module", params=("sqlite", "postgresql"))
def environment(request, servers: Callable[[str], Server]) -> Iterator[dict[str, str]]:
    """What the app is told: that there are accounts, and where its database lies."""
    told = {VARIABLE: "local"}
    if request.param == "sqlite":
        yield told
        return
    with servers(request.param).database("accounts_in_a_browser") as url:
        yield told | {DATABASE_URL_VARIABLE: url}


@pytest.fixture(scope="module")
def folder(tmp_path_factory, environment) -> Path:
    """Where the server logs; another for each database."""
    del environment
    return tmp_path_factory.mktemp("accounts")


@pytest.fixture(scope="module")
def address(folder: Path, environment: dict[str, str]) -> Iterator[str]:
    """Address of an app that has accounts, and nobody yet."""
    with running.serve(folder, environment=environment) as server:
        yield server.address


def visit(chromium: Browser, place: str) -> Page:
    """A page of somebody new."""
    page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(1000 * running.PATIENCE)
    page.goto(place)
    return page


def begin(page: Page, **fields: str) -> None:
    """Fill in the form of a link, and see the first page."""
    for name, value in {**fields, "password": PASSWORD, "again": PASSWORD}.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", name="Photograph or AI")).to_be_visible()


def test_a_team_begins(chromium: Browser, address: str, folder: Path):
    """The administrator sees all, a viewer what they may; log-out ends it."""
    nobody = visit(chromium, f"{address}/history")
    expect(nobody.get_by_role("heading", name="Log in")).to_be_visible()
    assert "next=%2Fhistory" in nobody.url
    link = re.search(r"http://\S+#\S+", (folder / "log.txt").read_text("utf-8"))

    ann = visit(chromium, link[0])
    begin(ann, email=ADMIN, name="Ann")
    expect(ann.get_by_role("link", name="Teach", exact=True)).to_be_visible()
    ann.get_by_role("link", name=ADMIN).click()
    ann.get_by_role("link", name="Administration").click()
    ann.locator("[action$=invite] [name=email]").fill(BOB)
    ann.get_by_role("button", name="Make an invitation").click()
    invitation = ann.locator(".secret").inner_text()

    bob = visit(chromium, invitation)
    begin(bob, name="Bob")
    expect(bob.get_by_role("link", name="Test set", exact=True)).to_be_visible()
    for title in ("Batch", "History", "Teach", "Data sets"):
        expect(bob.get_by_role("link", name=title, exact=True)).to_have_count(0)
    bob.goto(f"{address}/history")
    expect(bob.get_by_role("heading", name="What was judged")).to_have_count(0)
    bob.goto(address)
    expect(bob.get_by_role("heading", name="Photograph or AI")).to_be_visible()
    second = bob.context.new_page()
    second.goto(f"{address}/account")
    second.get_by_role("button", name="Log out", exact=True).click()
    expect(second.get_by_role("heading", name="Log in")).to_be_visible()
    bob.get_by_text("Large text").click()  # the window that stayed open
    expect(bob.get_by_role("heading", name="Log in first")).to_be_visible()
    bob.goto(address)
    assert "/account/login" in bob.url
    assert PASSWORD not in (folder / "log.txt").read_text("utf-8")
    assert invitation.partition("#")[2] not in (folder / "log.txt").read_text("utf-8")
