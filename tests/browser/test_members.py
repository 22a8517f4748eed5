"""Members of a case, in a browser: what is another's is shown to nobody else.

Neither an address, nor a number or a filter in it, opens it; once its owner shares the
case, its members see it, and no more once they are taken out.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from cifake_core.accounts.logins import Logins
from cifake_core.accounts.settings import SESSION_COOKIE, VARIABLE
from cifake_core.accounts.store import Store
from cifake_core.accounts.users import Users
from cifake_core.basics.places import USER_DATA_VARIABLE
from cifake_core.cases.casework import Cases
from cifake_core.cases.history import History
from cifake_core.ui.server.headers import SECURITY
from tests.accounts.conftest import ADMIN, PASSWORD, added
from tests.browser import running
from tests.made_history import made_record, switched_on

pytestmark = pytest.mark.browser

ANN, BOB, EVE = (f"{name}@example.org" for name in ("anna", "bob", "eve"))
RECORD, CASE = "harbour_crane.png", "The harbour"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The user's folder: Ann has a record and a case, Bob and Eve have nothing."""
    folder = tmp_path_factory.mktemp("members") / "user"
    store = Store(folder)
    added(store, ADMIN, "administrator")
    for email in (ANN, BOB):
        added(store, email, "analyst")
    added(store, EVE, "viewer")
    owner = Users(store).get(ANN).number
    switched_on(folder)
    (record,) = History(folder, owner).keep([made_record(1, name=RECORD)])
    case = Cases(folder, owner).create(CASE)
    Cases(folder, owner).add(case.id, [record])
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Address of the app over that folder."""
    environment = {VARIABLE: "local", USER_DATA_VARIABLE: str(folder)}
    with running.serve(folder.parent, environment=environment) as server:
        yield server.address


def logged_in(chromium: Browser, address: str, folder: Path, email: str) -> Page:
    """A page of somebody's browser, which has their session."""
    token = Logins(Store(folder)).log_in(email, PASSWORD, source="127.0.0.1")
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": address}])
    page = context.new_page()
    page.set_default_timeout(1000 * running.PATIENCE)
    return page


def test_a_case_is_its_members(chromium: Browser, address: str, folder: Path):
    """Before, while and after it is shared."""
    owner = Users(Store(folder)).get(ANN).number
    (case,) = Cases(folder, owner).listing()
    opened = f"{address}/history?part=cases&opened_case={case.id}"
    asked = (
        "",
        "?record=1",
        "?name=harbour_crane.png",
        "?text=crane",
        "?case=The%20harbour",
        "?part=cases",
        f"?part=cases&opened_case={case.id}",
        f"?part=cases&opened_case={case.id}&record=1",
    )
    bob = logged_in(chromium, address, folder, BOB)
    for query in asked:
        bob.goto(f"{address}/history{query}")
        expect(bob.get_by_role("heading", name="What was judged")).to_be_visible()
        expect(bob.get_by_test_id("stStatusWidget")).to_have_count(0)
        shown = bob.locator("body").inner_text()
        assert RECORD not in shown, query
        if "harbour" not in query:
            assert CASE not in shown, query

    ann = logged_in(chromium, address, folder, ANN)
    ann.goto(opened)
    ann.get_by_role("button", name="Members (1)").click()
    ann.get_by_label("E-mail of an analyst who shall see it").fill(BOB)
    ann.get_by_role("button", name="Let them see it").click()
    expect(ann.get_by_role("button", name="Members (2)")).to_be_visible()
    bob.goto(opened)
    expect(bob.get_by_text(CASE).first).to_be_visible()
    expect(bob.locator(f"text={RECORD}").first).to_be_attached()

    number = Users(Store(folder)).get(BOB).number
    Cases(folder, owner).share(case.id, number, is_member=False)
    bob.goto(opened)
    expect(bob.get_by_role("heading", name="What was judged")).to_be_visible()
    expect(bob.get_by_text("There is no case")).to_be_visible()
    assert RECORD not in bob.locator("body").inner_text()


def test_who_may_not_is_told_whom_to_ask(chromium: Browser, address: str, folder: Path):
    """A viewer who opens the address of History sees no "Page not found"."""
    eve = logged_in(chromium, address, folder, EVE)

    eve.goto(f"{address}/history?record=1")

    expect(
        eve.get_by_role("heading", name="History needs another role")
    ).to_be_visible()
    told = eve.get_by_test_id("stAlert").inner_text()
    assert "analysts and administrators" in told
    assert ADMIN in told
    expect(eve.get_by_text("Page not found")).to_have_count(0)
    expect(eve.get_by_role("link", name="History", exact=True)).to_have_count(0)


def test_the_server_says_where_it_is_and_guards_what_it_serves(
    chromium: Browser, address: str, folder: Path
):
    """In its log, and by headers on everything, Streamlit's own files included."""
    ann = logged_in(chromium, address, folder, ANN)
    answers: list[Response] = []

    def note(answer: Response) -> None:
        answers.append(answer)

    ann.on("response", note)

    ann.goto(address)
    expect(ann.get_by_role("heading", name="Photograph or AI")).to_be_visible()

    own = [each for each in answers if each.url.startswith(address)]
    assert len(own) > 5
    for answer in own:
        for name, value in SECURITY.items():
            assert answer.headers[name.lower()] == value, answer.url
    log = (folder.parent / "log.txt").read_text("utf-8")
    assert "The app listens at localhost:" in log
    assert "for this machine only" in log
