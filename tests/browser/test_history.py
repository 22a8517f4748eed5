"""From a history that is switched on to a case in one zip, and the picture found again.

The networks are the shipped ones. What is older than the page says goes at the start.
"""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from cifake_core.basics.places import ASSETS, USER_DATA_VARIABLE
from cifake_core.cases.filters import HistoryFilter
from cifake_core.cases.history import History
from cifake_core.cases.settings import HistorySettings
from tests.browser import running
from tests.browser.conftest import OpenPage
from tests.made_history import made_record, switched_on

pytestmark = pytest.mark.browser

CAT = ASSETS / "samples" / "cat_32.png"
#: Milliseconds that the first verdict, or reports, may take on a busy machine.
_WORKED = 300_000


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """The user's folder, in which one record is too old, and the history is off."""
    place = tmp_path_factory.mktemp("history") / "user"
    history = switched_on(place)
    history.keep([made_record(0)])
    age = datetime.now(UTC) - made_record(0).moment
    history.switch(HistorySettings(on=False, days=max(1, age.days)))
    return place


@pytest.fixture(scope="module")
def address(place: Path) -> Iterator[str]:
    """Return the address of the app over that folder."""
    environment = {USER_DATA_VARIABLE: str(place)}
    with running.serve(place.parent, environment=environment) as server:
        yield server.address


def kept(place: Path) -> int:
    """Number of records in a user's folder."""
    return History(place).counts(HistoryFilter()).total


def give(page: Page, picture: Path) -> None:
    """Give Analyze a picture, as a drop does."""
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(picture)
    heading = page.get_by_role("heading", name=picture.name)
    expect(heading).to_be_visible(timeout=_WORKED)  # the networks may have to load
    running.wait_until_drawn(page, timeout=_WORKED)


def keep(page: Page, label: str, text: str, button: str) -> None:
    """Write a text, and click at once on what keeps it."""
    page.get_by_role("textbox", name=label, exact=True).fill(text)
    page.get_by_role("button", name=button).click()


def test_from_the_switch_to_a_case_in_a_zip(open_page: OpenPage, place: Path):
    """Judged, found again by dropping it again, found FAKE, put in a case, exported."""
    page = open_page()
    expect(page.get_by_text("nothing is stored")).to_be_visible()
    for _ in range(10 * running.PATIENCE):
        if not kept(place):  # what was too old, though nobody has opened the history
            break
        page.wait_for_timeout(100)
    assert kept(place) == 0

    running.follow(page, "History")
    expect(page.get_by_text("The history is off")).to_be_visible()
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_text("The history is on")).to_be_visible()

    running.follow(page, "Analyze")
    give(page, CAT)
    expect(page.get_by_text("was judged on")).to_have_count(0)
    page.reload()
    give(page, CAT)
    expect(page.get_by_text("The same picture was judged on")).to_be_visible()

    page.get_by_role("link", name=f"Open that record: {CAT.name}").click()
    expect(page.get_by_text("Your finding")).to_be_visible()
    page.get_by_role("radio", name="FAKE").click()
    keep(page, "Reason", "The whiskers end in the air.", "Keep the finding")
    expect(page.get_by_text("FAKE: The whiskers end in the air.")).to_be_visible()
    keep(page, "Name of the new case", "Harbour", "Put into the case")
    page.get_by_role("button", name="Harbour").first.click()

    expect(page.get_by_role("heading", name="Harbour")).to_be_visible()
    page.get_by_text("Export as one zip").click()
    page.get_by_role("button", name="Make the zip").click()
    download = page.get_by_role("button", name="Download the zip")
    expect(download).to_be_visible(timeout=_WORKED)
    with page.expect_download() as given:
        download.click()

    with ZipFile(io.BytesIO(Path(given.value.path()).read_bytes())) as archive:
        names = archive.namelist()
        case = archive.read("index.html").decode()
    assert {"table.csv", "manifest.sha256", "reports/2.html"} <= set(names)
    assert "The whiskers end in the air." in case
    assert kept(place) == 1
