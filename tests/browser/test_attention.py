"""Attention in a browser: from a square of a matrix, and from a map, to pictures."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, wait_for_picture

pytestmark = [pytest.mark.browser, pytest.mark.data]


def test_cells_open_their_pictures(open_page: OpenPage, address: str, cifake_data):
    """A map narrows everything, a square the pictures; one of these opens."""
    del cifake_data  # the app finds it, too
    page = open_page()
    page.goto(f"{address}/attention?network=cnn")
    expect(page.get_by_text("2,000 pictures", exact=True)).to_be_visible()

    called_fake = re.compile("Mean evidence.*is REAL, called FAKE")
    page.get_by_role("button", name=called_fake).click()
    expect(page).to_have_url(re.compile("label=REAL&called=FAKE"))
    counted = page.get_by_test_id("stMetricValue")
    expect(counted).not_to_have_text("2,000 pictures")
    before = counted.inner_text()

    pieces = page.locator('[role="figure"][aria-label^="How far superpixels"]')
    pieces.locator(".bars path").nth(4).click(force=True)
    expect(page).to_have_url(re.compile("part=kind-4"))
    expect(page.get_by_role("button", name="All pictures of these")).to_be_visible()
    expect(counted).not_to_have_text(before)

    picture = page.get_by_role("img", name=re.compile("^A REAL .* called FAKE")).first
    wait_for_picture(picture)
    picture.click()
    expect(page.get_by_text(re.compile("the truth: REAL"))).to_be_visible()
    page.get_by_role("button", name="Back to the selection").click()
    expect(
        page.get_by_role("heading", name="Where maps and errors meet")
    ).to_be_visible()
