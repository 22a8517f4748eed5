"""The first minute on *Analyze*: a finished result on one screen, and ways on."""

import json
import re
from typing import Final

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from cifake_core.basics.places import ASSETS
from cifake_core.pictures.filters import FILTER_TEXTS
from cifake_core.workbench.examples import EXAMPLES
from tests.browser import running
from tests.browser.conftest import wait_for_picture

pytestmark = pytest.mark.browser

#: Screens of a projector and of a small laptop.
SCREENS: Final = ((1440, 900), (1280, 800))
TITLES: Final = {
    entry["file"]: entry["title"]
    for entry in json.loads((ASSETS / "samples.json").read_text("utf-8"))
}


def in_one_view(page: Page) -> list[Locator]:
    """What has to be seen together: picture, verdict, map, and the channels."""
    main = page.get_by_test_id("stMain")
    pictures = [main.get_by_alt_text("The picture as given")]
    pictures += [main.get_by_alt_text("laid over the picture")]
    pictures += [
        main.get_by_alt_text(f"The {text.title} channel")
        for text in FILTER_TEXTS.values()
    ]
    for picture in pictures:
        wait_for_picture(picture)
    scope = main.get_by_text("It knows").first
    return [scope, main.get_by_role("heading", level=2).nth(1), *pictures]


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_the_result_fits_one_screen(
    chromium: Browser, address: str, width: int, height: int
):
    """Of every sample; nobody has scrolled, and nothing is cut off."""
    size = {"width": width, "height": height}
    with chromium.new_context(viewport=size) as context:
        page = context.new_page()
        page.goto(address)
        for file in EXAMPLES:
            if file != EXAMPLES[0]:
                page.get_by_role("button", name=TITLES[file], exact=True).click()
            expect(page.get_by_role("heading", name=TITLES[file])).to_be_visible()
            running.wait_until_drawn(page)
            page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")

            for part in in_one_view(page):
                box = part.bounding_box()
                assert box is not None
                assert box["x"] >= 200  # right of the menu
                assert box["y"] >= 0
                assert box["x"] + box["width"] <= width
                assert box["y"] + box["height"] <= height


@pytest.mark.parametrize("width", [1280, 600])
def test_newcomers_are_offered_a_tour(chromium: Browser, address: str, width: int):
    """Four steps by the keyboard; afterwards it waits in the menu, on every page."""
    with chromium.new_context(viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        page.goto(address)
        offer = page.get_by_role("button", name="Tour in four steps")
        step = page.get_by_role("dialog")

        offer.click()
        for number in range(1, 5):
            expect(step).to_contain_text(f"{number} of 4")
            page.keyboard.press("ArrowRight")
        expect(step).to_be_hidden()
        expect(offer).to_be_hidden()
        page.goto(f"{address}/about")
        running.follow(page, "Tour")
        expect(step).to_contain_text("1 of 4")
        page.keyboard.press("Escape")
        expect(step).to_be_hidden()

        expect(page).to_have_url(f"{address}/")
        running.wait_until_drawn(page)
        expect(step).to_be_hidden()


def test_the_tour_is_declined_for_good(chromium: Browser, address: str):
    """A browser in which somebody said no is not asked again; others are."""
    with chromium.new_context() as context, chromium.new_context() as other:
        page, elsewhere = context.new_page(), other.new_page()
        for each in (page, elsewhere):
            each.goto(address)
        no = "No, thanks"

        page.get_by_role("button", name=no).click()
        page.reload()
        running.wait_until_drawn(page)

        expect(elsewhere.get_by_role("button", name=no)).to_be_visible()
        expect(page.locator(".cifake-tour")).to_be_attached()
        expect(page.get_by_role("button", name=no)).to_be_hidden()


def test_explain_keeps_picture_and_verdict_in_sight(chromium: Browser, address: str):
    """However far one scrolls; a section opens alone, and says how it is computed."""
    with chromium.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        page.goto(f"{address}/explain?picture={EXAMPLES[0]}")
        picture = page.get_by_test_id("stMain").get_by_alt_text("enlarged in").first
        verdict = page.get_by_text("FAKE: made like the fakes").first

        page.get_by_role("radio", name="Channels").click()
        expect(page).to_have_url(re.compile("section=channels"))
        running.wait_until_drawn(page)
        how = page.get_by_role("button", name="How is this computed?")
        expect(how).to_have_count(1)
        how.click()
        expect(page.locator(".katex-display")).to_be_visible()
        expect(page.get_by_role("link", name="arXiv:1705.07874")).to_be_visible()
        page.keyboard.press("Escape")
        page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 1e6)")

        expect(page.get_by_role("heading", level=1)).not_to_be_in_viewport()
        expect(picture).to_be_in_viewport(ratio=1)
        expect(verdict).to_be_in_viewport(ratio=1)
