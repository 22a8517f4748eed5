"""Objects in a browser: a large picture, its parts, and one of them explained."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cifake_core.objects.weights import WEIGHTS_FILE
from tests import made_data, made_detector
from tests.browser import running
from tests.browser.conftest import OpenPage
from tests.made_detector import street

#: Milliseconds until the networks are loaded and have looked, beside other tests.
_WORKED = 300_000


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """The user's folder, with a detector."""
    place = tmp_path_factory.mktemp("objects") / "user_data"
    (place / WEIGHTS_FILE).parent.mkdir(parents=True, exist_ok=True)
    (place / WEIGHTS_FILE).write_bytes(made_detector.detector())
    return place


@pytest.fixture(scope="module")
def address(place: Path) -> Iterator[str]:
    """A server whose published detector is the tiny one."""
    program = "tests.browser.with_tiny_detector"
    with running.serve(place.parent, program=program) as server:
        yield server.address


@pytest.fixture
def picture(tmp_path) -> Path:
    """A street with something red and something blue, which the detector sees."""
    image = street(416, 832)
    image[128:192, 128:192] = (255, 0, 0)
    image[256:320, 512:576] = (0, 0, 255)
    path = tmp_path / "street.png"
    path.write_bytes(made_data.png(image))
    return path


def test_a_part_of_a_picture_is_judged_and_explained(
    open_page: OpenPage, picture: Path
):
    """A click opens the part alone; Explain takes it, and not the whole picture."""
    page: Page = open_page()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(picture)
    boxes = page.get_by_alt_text(re.compile("numbered box around each object"))
    expect(boxes).to_be_visible(timeout=_WORKED)
    expect(boxes).to_have_attribute("alt", re.compile("1: (dog|cat), .*2: (dog|cat), "))

    page.locator(".cifake-grid button").filter(has_text="dog").click()
    part = page.get_by_role("heading", name=re.compile(r"^street\.png, \d: dog"))
    expect(part).to_be_visible(timeout=_WORKED)
    running.wait_until_drawn(page, timeout=_WORKED)
    expect(page.get_by_role("heading", name="Objects")).to_have_count(0)

    page.locator("a[href$='explain?picture=opened']").click()
    expect(page.get_by_text(re.compile(r"street\.png, \d: dog")).first).to_be_visible(
        timeout=_WORKED
    )
    expect(page).to_have_url(re.compile(r"/explain\?picture=opened$"))
