"""Batch in a browser: a zip is judged, sorted, opened in Analyze and taken along."""

import csv
import json
import re
import urllib.request
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cifake_core.basics.places import ASSETS
from tests.browser.conftest import OpenPage, wait_for_picture
from tests.browser.running import follow

pytestmark = pytest.mark.browser

#: Seconds for a worker to start and to judge, of low priority on a busy machine.
PATIENCE = 300
SAMPLES = sorted((ASSETS / "samples").glob("*.*g"))


@pytest.fixture(scope="module")
def pictures(tmp_path_factory) -> Path:
    """A zip of the samples, and a file that is no picture."""
    path = tmp_path_factory.mktemp("batch") / "samples.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for each in SAMPLES:
            archive.write(each, f"samples/{each.name}")
        archive.writestr("samples/notes.txt", "no picture")
    return path


def open_batch(page: Page) -> None:
    """Go to the page by the menu."""
    follow(page, "Batch")
    title = "Judge many pictures at once"
    expect(page.get_by_role("heading", name=title)).to_be_visible()


def taken(page: Page, title: str) -> str:
    """Text of a file that is taken along."""
    with page.expect_download() as download:
        page.get_by_role("button", name=title, exact=True).click()
    return Path(download.value.path()).read_text("utf-8")


def test_a_zip_is_judged_opened_and_taken_along(
    open_page: OpenPage, address: str, pictures: Path
):
    """By the server's own worker; the address finds it, REST has the same rows."""
    page = open_page()
    open_batch(page)
    page.locator("input[type=file]").set_input_files(pictures)
    page.get_by_role("button", name="Judge them").click()

    expect(page.get_by_role("heading", name="samples.zip")).to_be_visible()
    number = len(SAMPLES) + 1
    judged = page.get_by_text(f"{number} files judged by version 1")
    expect(judged).to_be_visible(timeout=1000 * PATIENCE)
    expect(page).to_have_url(re.compile(r"batch\?job=[0-9a-f]{16}$"))
    job = page.url.rpartition("=")[2]
    expect(page.locator(".cifake-grid button")).to_have_count(number)
    page.get_by_text("Not judged (1)", exact=True).click()
    expect(page.locator(".cifake-grid button")).to_have_count(1)
    expect(page).to_have_url(re.compile("show=error"))
    page.locator(".cifake-grid button").click()
    expect(page.get_by_text("The file is not a picture").last).to_be_visible()
    page.goto(f"{address}/batch?job={job}&order=doubt")
    cells = page.locator(".cifake-grid button")
    expect(cells).to_have_count(number)
    expect(cells.last).to_contain_text("Not judged")
    rows = list(csv.DictReader(taken(page, "CSV").splitlines()))
    lines = taken(page, "JSON Lines").splitlines()
    assert len({row["path"] for row in rows}) == number
    with urllib.request.urlopen(f"{address}/api/v1/jobs/{job}/results") as answer:
        assert answer.read().decode().splitlines() == lines
    assert {json.loads(line)["path"] for line in lines} == {row["path"] for row in rows}

    name = cells.first.inner_text().splitlines()[0]
    cells.first.click()

    heading = page.get_by_role("heading", name=f"samples/{name}")
    expect(heading).to_be_visible()
    wait_for_picture(page.get_by_alt_text(re.compile("^The picture as given")).first)
    page.go_back()
    expect(page.get_by_role("heading", name="samples.zip")).to_be_visible()
    page.get_by_role("button", name="Delete this job").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_text("samples.zip was deleted")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="samples.zip")).to_be_visible()
