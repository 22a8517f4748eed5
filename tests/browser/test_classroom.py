"""What a class does, in a real browser, with the networks that are shipped."""

import re
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cifake_core.basics.places import CHECKOUT
from cifake_core.evaluation import scores
from cifake_core.evaluation.game import draw
from tests.browser import running
from tests.browser.conftest import OpenPage, wait_for_picture

pytestmark = pytest.mark.browser

#: Milliseconds after which somebody presses a key again.
_UNHEARD = 20_000


@pytest.mark.data
def test_a_round_of_the_game_by_keyboard_alone(
    open_page: OpenPage, address: str, cifake_data: Path
):
    """Digits guess, the right arrow goes on, the count is right, D downloads it."""
    assert cifake_data.exists()
    shown = scores.read("cnn", CHECKOUT / "models")
    real = shown.labels[draw(shown, game=3, number=1)] == 1
    keys = [4 + n % 3 if n < 7 else 1 + n % 3 for n in range(10)]
    right = sum((key > 3) == truth for key, truth in zip(keys, real, strict=True))
    page = open_page()
    page.goto(f"{address}/beat_the_model?game=3&round=1")

    for number, key in enumerate(keys, start=1):
        question = page.get_by_role("heading", name=f"Picture {number} of 10")
        expect(question).to_have_text(f"Picture {number} of 10")
        expect(page.get_by_role("button", name="REAL, very sure")).to_be_enabled()
        # the server keeps a picture only as long as it is on the page
        wait_for_picture(page.get_by_alt_text(f"Picture {number} of 10"))
        truth = "REAL" if real[number - 1] else "FAKE"
        press_until_heard(page, str(key), f"The truth: {truth}")
        for title in ("2D-CNN", "3D-CNN", "Ensemble"):
            wait_for_picture(page.get_by_alt_text(f"Grad-CAM of the {title}"))
        page.keyboard.press("ArrowRight")

    result = page.get_by_role("heading", name=f"Round 1: {right} of 10 right")
    expect(result).to_be_visible()
    expect(page.get_by_role("figure", name=re.compile("^How sure"))).to_be_visible()
    expect(page.get_by_role("button", name="Download the results")).to_be_enabled()
    with page.expect_download() as download:
        page.keyboard.press("d")
    assert len(Path(download.value.path()).read_text("utf-8").splitlines()) == 11
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="Picture 1 of 10")).to_be_visible()
    expect(page).to_have_url(re.compile("game=3&round=2$"))


def press_until_heard(page: Page, key: str, heading: str) -> None:
    """Press a key as people do: again, after some seconds in which nothing came.

    On a machine at its limit Streamlit now and then drops a key that is pressed just
    while it swaps the elements of a page; a second press of an answer does nothing.
    """
    for _ in range(2):
        page.keyboard.press(key)
        with suppress(AssertionError):
            shown = page.get_by_role("heading", name=heading)
            expect(shown).to_be_visible(timeout=_UNHEARD)
            return
    page.keyboard.press(key)
    expect(page.get_by_role("heading", name=heading)).to_be_visible()


def test_large_text_stays_from_page_to_page(open_page: OpenPage):
    """One switch enlarges text and charts on every page, until it is switched off."""
    page = open_page()
    page.set_viewport_size({"width": 1920, "height": 1080})
    root = page.locator("html")

    page.get_by_text("Large text").click()
    expect(page.get_by_role("switch", name="Large text")).to_be_checked()
    expect(root).to_have_css("font-size", "24px")
    running.follow(page, "Networks")
    curves = page.get_by_role("figure", name=re.compile("^Learning curves")).first
    expect(curves.locator(".legendtext").first).to_have_css("font-size", "20px")
    expect(root).to_have_css("font-size", "24px")
    page.get_by_text("Large text").click()
    expect(curves.locator(".legendtext").first).to_have_css("font-size", "14px")
    expect(root).to_have_css("font-size", "17px")
