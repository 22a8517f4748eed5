"""The app in a process of its own, and a browser that visits it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Locator,
    Page,
    expect,
    sync_playwright,
)

ROOT = Path(__file__).resolve().parents[2]

OpenPage = Callable[[], Page]

#: Before any test moves the cache: the pictures are decoded once, not in every run.
_ENVIRONMENT = dict(os.environ)
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update"),
    "--disable-sync",
)
#: Seconds that a busy machine may need for the start and the first verdict.
_PATIENCE = 90


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    """Return the address of a freshly started app; it ends with these tests."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("app") / "log.txt"
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    with log.open("wb") as output:
        app = subprocess.Popen(
            [*command, "--server.port", str(port)],
            cwd=ROOT,
            env=_ENVIRONMENT,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(f"http://localhost:{port}/_stcore/health", app, log)
        yield f"http://localhost:{port}"
    finally:
        app.terminate()
        app.wait(timeout=30)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Return the system's Chromium; without one the tests skip, in CI they fail."""
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        _do_without(f"needs a browser: install one of {', '.join(_NAMES)}")
    command = [sys.executable, "-m", "playwright", "--version"]
    driver = subprocess.run(command, capture_output=True, text=True, check=False)
    if driver.returncode != 0:
        _do_without(f"needs Playwright's driver, which fails: {driver.stderr.strip()}")
    expect.set_options(timeout=1000 * _PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, address: str) -> Iterator[OpenPage]:
    """Return a function that visits the app as somebody new.

    A test fails if the app wrote an error to the browser's console.
    """
    faults: list[str] = []

    def note(message: ConsoleMessage) -> None:
        url = message.location["url"]
        # opened by a link, Streamlit first looks for its server below that page
        looking = url.endswith(("/health", "/host-config"))
        # it drops pictures that left the page while they were still on their way
        gone = "/media/" in url
        if message.type == "error" and not (looking or gone):
            faults.append(message.text)

    def open_page() -> Page:
        page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
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


def _do_without(reason: str) -> NoReturn:
    """Skip the browser tests and say why; in CI, fail."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def _wait_for(url: str, app: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the app answers; fail with its log if it ends or stays silent."""
    deadline = time.monotonic() + _PATIENCE
    while app.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"The app did not start:\n{log.read_text('utf-8', 'replace')}")
