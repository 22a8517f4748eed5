"""Every page for everyone: narrow windows fit, and what is seen is also said."""

import re
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from benchmarks.browser.habits import HABITS
from tests.browser import running
from tests.browser.conftest import OpenPage
from tests.browser.running import ROOT

pytestmark = pytest.mark.browser

#: Pictures without an alternative text, and charts outside a figure that has one.
SILENT = """() => [
    ...[...document.images].filter((each) => !each.alt).map((each) => each.src),
    ...[...document.querySelectorAll(".js-plotly-plot")].filter(
        (each) => !each.closest('[role="figure"]')?.ariaLabel
    ).map((each) => each.outerHTML.slice(0, 200)),
]"""
#: Whether all charts are there.
DRAWN = """() => [...document.querySelectorAll('[data-testid="stPlotlyChart"]')].every(
    (each) => each.querySelector(".js-plotly-plot")?._fullLayout?._size
)"""
#: Charts whose words need more room than they were given: Plotly draws those twice.
TWICE = """() => [...document.querySelectorAll(".js-plotly-plot")].filter(
    ({_fullLayout: {margin, _size}}) =>
        ["l", "r", "t", "b"].some((side) => _size[side] > margin[side] + 0.5)
).map((each) => each.closest('[role="figure"]').ariaLabel)"""
#: Whether the page is no wider than its window.
FITS = """() => ["html", '[data-testid="stMain"]'].every((each) => {
    const box = document.querySelector(each);
    return box.scrollWidth <= box.clientWidth;
})"""


def test_no_page_is_forgotten():
    """Each page of the app is looked at and measured; the first has no path."""
    files = {file.stem for file in (ROOT / "pages").glob("*.py")}

    assert {habit.path or "analyze" for habit in HABITS} == files


@pytest.mark.data
def test_pages_fit_800_pixels_and_have_words_for_what_they_show(
    open_page: OpenPage, cifake_data
):
    """No page scrolls sideways; each picture and chart has an alternative text.

    In a wide window no chart has to be drawn again to make room for its words.
    """
    assert cifake_data.exists()
    page = open_page()
    address = page.url

    for habit in HABITS:
        page.set_viewport_size({"width": 1440, "height": 900})
        running.follow(page, habit.title)
        expect(page).to_have_url(f"{address}{habit.path}")
        app = page.get_by_test_id("stApp")
        expect(app).to_have_attribute("data-test-script-state", "notRunning")
        page.wait_for_function(DRAWN)
        assert page.evaluate(TWICE) == [], habit.title
        page.set_viewport_size({"width": 800, "height": 900})

        assert page.evaluate(SILENT) == [], habit.title
        page.wait_for_function(FITS)  # tables follow the window a little later


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_on_primary_buttons_can_be_read(
    chromium: Browser, address: str, scheme: Literal["light", "dark"]
):
    """It has at least 4.5:1 against its button, in either theme (WCAG 2.2, 1.4.3)."""
    with chromium.new_context(color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(f"{address}/history")
        button = page.locator('[data-testid^="stBaseButton-primary"]').first
        expect(button).to_be_visible()
        text, ground = button.evaluate(
            "each => [getComputedStyle(each.querySelector('p') ?? each).color, "
            "getComputedStyle(each).backgroundColor]"
        )

    assert contrast(text, ground) >= 4.5


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, as CSS writes them (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of an opaque colour of sRGB, 0 to 1 (WCAG 2.2)."""
    shares = [int(each) / 255 for each in re.findall(r"\d+", colour)[:3]]
    linear = [
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in shares
    ]
    return sum(
        weight * each
        for weight, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True)
    )
