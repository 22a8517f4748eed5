"""The first visitor after the start, who comes by a link to a page."""

import pytest
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser


def test_a_link_opens_its_page_before_anyone_saw_the_first(
    chromium: Browser, address: str
):
    """It has the menu and the app's width."""
    with chromium.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.goto(f"{address}/about")

        heading = page.get_by_role("heading", name="About this dashboard")
        expect(heading).to_be_visible()
        expect(page.get_by_role("link", name="Test set", exact=True)).to_be_visible()
        expect(page.get_by_role("link", name="Explain", exact=True)).to_be_visible()
        box = heading.bounding_box()
        assert box is not None
        assert box["x"] < 200
        assert box["width"] > 1000


def test_an_old_address_leads_to_the_new_one(chromium: Browser, address: str):
    """A link from before opens the page with what it asked for."""
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(f"{address}/map?network=cnn3d")

        heading = page.get_by_role("heading", name="Which pictures are alike")
        expect(heading).to_be_visible()
        expect(page).to_have_url(f"{address}/embedding_map?network=cnn3d")
