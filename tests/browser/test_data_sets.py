"""Data sets in a browser: a zip is uploaded, looked at, forgotten and brought back."""

import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser import running
from tests.browser.conftest import OpenPage, wait_for_picture
from tests.made_data import png
from tests.made_datasets import write_set

pytestmark = [pytest.mark.browser, pytest.mark.data]

#: Side of the pictures of the zip, which is larger than a picture may be.
_SIDE = 256


@pytest.fixture(scope="module")
def large_zip(tmp_path_factory) -> Path:
    """A zip of more than 20 MB with a data set."""
    random = np.random.RandomState(0)

    def save(*_: object) -> bytes:
        return png(random.randint(0, 256, (_SIDE, _SIDE, 3)).astype(np.uint8))

    folder = write_set(
        tmp_path_factory.mktemp("large"), generators=("pixart",), save=save
    )
    path = folder / "large.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder.rglob("*.jpg"):
            archive.write(file, file.relative_to(folder).as_posix())
    assert path.stat().st_size > 20e6
    return path


def open_data_sets(page: Page) -> None:
    """Go to the page by the menu."""
    running.follow(page, "Data sets")
    title = "Which data sets of your own are there?"
    expect(page.get_by_role("heading", name=title)).to_be_visible()


def test_a_set_is_uploaded_forgotten_and_brought_back(
    open_page: OpenPage, large_zip: Path
):
    """With its counts, checks and pictures; the address opens it."""
    page = open_page()
    open_data_sets(page)
    page.get_by_role("textbox", name="Name").fill("large")
    page.get_by_text("Upload a zip", exact=True).click()
    page.locator("input[type=file]").set_input_files(large_zip)
    page.get_by_role("button", name="Check and add").click()

    checked = page.get_by_role("heading", name="What was checked")
    expect(checked).to_be_visible(timeout=running.CHECKED)
    expect(page).to_have_url(re.compile(r"set=large"))
    expect(page.get_by_text("120 of 256x256 pixels")).to_be_visible()
    wait_for_picture(page.get_by_alt_text(re.compile("^Fake of pixart: ")).first)
    page.get_by_role("button", name="Forget this data set").click()
    page.get_by_role("button", name="Forget large").click()
    expect(page.get_by_text("None yet")).to_be_visible()
    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("heading", name="What was checked")).to_be_visible()
