"""The first visitor after the start, who comes by a link to a page."""

import pytest
from playwright.sync_api import Browser, expect

from cifake_core.ui import navigation

pytestmark = pytest.mark.browser


def test_a_link_opens_its_page_before_anyone_saw_the_first(
    chromium: Browser, address: str
):
    """It has the menu, all of it, and the app's width."""
    with chromium.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.goto(f"{address}/about")

        heading = page.get_by_role("heading", name="About this dashboard")
        expect(heading).to_be_visible()
        menu = page.get_by_test_id("stSidebar")
        for section, pages in navigation.SECTIONS.items():
            expect(menu.get_by_text(section, exact=True).first).to_be_visible()
            for _, title in pages:
                link = menu.get_by_role("link", name=title, exact=True)
                expect(link).to_be_in_viewport()
        box = heading.bounding_box()
        assert box is not None
        assert box["x"] < 300
        assert box["y"] < 60
        assert box["width"] > 950


@pytest.mark.parametrize("width", [1280, 800, 600])
def test_the_keyboard_reaches_every_page(chromium: Browser, address: str, width: int):
    """The tabulator walks the links, unfolded where they have no room, Enter opens."""
    with chromium.new_context(viewport={"width": width, "height": 900}) as context:
        page = context.new_page()
        page.goto(f"{address}/about")
        expect(page.get_by_role("heading", name="About this")).to_be_visible()
        menu = page.get_by_test_id("stSidebar")
        titles = [title for pages in navigation.SECTIONS.values() for _, title in pages]
        links = [menu.get_by_role("link", name=each, exact=True) for each in titles]

        if width < 768:  # Streamlit's word for a small window
            page.get_by_test_id("stExpandSidebarButton").press("Enter")
        expect(links[0]).to_be_visible()
        links[0].focus()
        for link in links[1:]:
            page.keyboard.press("Tab")
            expect(link).to_be_focused()
        links[titles.index("Compare")].press("Enter")

        expect(page).to_have_url(f"{address}/compare")
        expect(page.get_by_role("heading", level=1)).to_contain_text("two networks")


def test_the_menu_stays_while_a_page_is_drawn(chromium: Browser, address: str):
    """One may go on to another page before the first has come."""
    with chromium.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.goto(f"{address}/about")
        menu = page.get_by_test_id("stSidebar")

        for title in ("Test set", "Robustness", "Papers"):
            menu.get_by_role("link", name=title, exact=True).click()

        expect(page).to_have_url(f"{address}/papers")
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_have_count(1)
        expect(heading).to_contain_text("earlier systems")


def test_an_old_address_leads_to_the_new_one(chromium: Browser, address: str):
    """A link from before opens the page with what it asked for."""
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(f"{address}/map?network=cnn3d")

        heading = page.get_by_role("heading", name="Which pictures are alike")
        expect(heading).to_be_visible()
        expect(page).to_have_url(f"{address}/embedding_map?network=cnn3d")
