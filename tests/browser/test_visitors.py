"""A class at work: five browsers at once, each with pictures of its own."""

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from benchmarks.browser.habits import choose
from cifake_core.basics.arrays import pixels_sha256
from cifake_core.basics.places import CHECKOUT
from cifake_core.data import cifake
from cifake_core.evaluation import scores
from cifake_core.evaluation.selection import Selection, matching
from cifake_core.pictures.preprocessing import prepare
from cifake_core.pictures.reading import read_picture
from tests.browser import running
from tests.browser.conftest import OpenPage
from tests.browser.running import ROOT

pytestmark = pytest.mark.browser

#: What each visitor brings, and the object class that each looks through.
BRINGS = {
    "cat_32.png": "cat",
    "rocket.jpg": "airplane",
    "astronaut_32.png": "horse",
    "coffee.jpg": "frog",
    "camera.jpg": "deer",
}


def expect_only(page: Page, sha256: str) -> None:
    """Analyze shows the picture of this hash, its verdicts, and no other picture."""
    seen = page.get_by_text(re.compile("^As the networks see it"))
    expect(seen).to_have_text(re.compile(sha256[:16]))
    expect(seen).to_have_count(1)
    expect(page.get_by_alt_text(re.compile("^The Sobel channel"))).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.data
def test_five_visitors_see_their_own_pictures_only(
    open_page: OpenPage, cifake_data: Path
):
    """Five click through Analyze and Test set together: each picture is their own."""
    split = cifake.load(cifake_data, "test")
    shipped = scores.read("cnn", CHECKOUT / "models")
    visitors = {file: open_page() for file in BRINGS}

    for file, page in visitors.items():
        sample = ROOT / "assets" / "samples" / file
        page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(sample)
    for file, page in visitors.items():
        given = read_picture(ROOT / "assets" / "samples" / file)
        expect_only(page, pixels_sha256(prepare(given.pixels).pixels))
        expect(page.get_by_role("heading", name=file)).to_be_visible()

    for page in visitors.values():
        running.follow(page, "Test set")
    for page in visitors.values():  # what is drawn later would close an open list
        expect(page.get_by_alt_text(re.compile("^A (REAL|FAKE)"))).to_have_count(24)
        app = page.get_by_test_id("stApp")
        expect(app).to_have_attribute("data-test-script-state", "notRunning")
    for file, page in visitors.items():
        choose(page, "Object", BRINGS[file])
    firsts = {}
    for file, page in visitors.items():
        view = Selection(network="cnn", object_class=BRINGS[file])
        positions = matching(shipped, view)
        firsts[file] = int(positions[0])
        own = page.get_by_alt_text(re.compile(f"^A (REAL|FAKE) {BRINGS[file]} "))
        expect(own).to_have_count(24)
        expect(page.get_by_alt_text(re.compile("^A (REAL|FAKE)"))).to_have_count(24)
        count = f"{len(positions):,} pictures"
        expect(page.get_by_test_id("stMetric").last).to_contain_text(count)

    for page in visitors.values():
        page.locator(".cifake-grid button").first.click()
    for page in visitors.values():
        page.get_by_role("button", name="More on this picture in Analyze").click()
    for file, page in visitors.items():
        expect_only(page, pixels_sha256(np.array(split.images[firsts[file]])))
        own = f"Test picture {firsts[file]} ({BRINGS[file]})"
        expect(page.get_by_role("heading", name=own)).to_be_visible()
