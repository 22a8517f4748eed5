"""The app and a browser that visits it, for the tests of a file together."""

import os
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.browser import running

OpenPage = Callable[[], Page]


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    """Return the address of a freshly started app; it ends with these tests."""
    with running.serve(tmp_path_factory.mktemp("app")) as server:
        yield server.address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Return the system's Chromium; without one the tests skip, in CI they fail."""
    reason = running.lacking()
    if reason and os.environ.get("CI"):
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)
    expect.set_options(timeout=1000 * running.PATIENCE)
    with running.browse() as browser:
        yield browser


@pytest.fixture
def open_page(chromium: Browser, address: str) -> Iterator[OpenPage]:
    """Return a function that visits the app as somebody new.

    A test fails if the app wrote an error to the browser's console.
    """
    faults: list[str] = []

    def note(message: ConsoleMessage) -> None:
        url = message.location["url"]
        # Streamlit drops pictures that left the page while they were on their way
        gone = "/media/" in url
        # it looks for its server below a page that is opened by its address, then above
        below = re.search(r"//[^/]+/\w+/_stcore/(health|host-config)$", url)
        if message.type == "error" and not gone and not below:
            faults.append(message.text)

    def open_page() -> Page:
        page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.set_default_timeout(1000 * running.PATIENCE)
        page.on("console", note)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(address)
        expect(page.get_by_role("heading", name="Photograph or AI")).to_be_visible()
        return page

    yield open_page

    for context in chromium.contexts:
        context.close()
    assert faults == []


def wait_for_picture(picture: Locator) -> None:
    """Return when a picture is drawn: one that failed is complete, too, but empty."""
    expect(picture).to_have_js_property("complete", value=True)
    expect(picture).not_to_have_js_property("naturalWidth", value=0)
