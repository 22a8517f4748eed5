"""The app in a process of its own, and the system's browser: for tests and figures."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from cifake_core.basics.places import USER_DATA_VARIABLE

ROOT = Path(__file__).resolve().parents[2]
#: Seconds that a busy machine may need for the start and the first verdict.
PATIENCE = 90
#: Pixels of width below which Streamlit folds the menu.
_SMALL = 768
#: Milliseconds until a data set is compared with all of CIFAKE, which on a fresh
#: machine is first decoded, beside other tests.
CHECKED = 400_000

#: Before any test moves the cache: the pictures are decoded once, not in every run.
_ENVIRONMENT = dict(os.environ)
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update"),
    "--disable-sync",
)
#: Playwright listens for errors, also for those that Plotly raises and handles; to tell
#: their lines V8 then reads all of Plotly again, which takes a second of a first visit.
#: Noting lines at once takes 0.2 s.
_HEARD = "--js-flags=--no-enable-lazy-source-positions"


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """An app that runs: where it answers, at which port, the number of its process."""

    address: str
    port: int
    pid: int


@contextmanager
def serve(
    folder: Path,
    *,
    port: int | None = None,
    environment: Mapping[str, str] | None = None,
    program: str = "streamlit",
) -> Iterator[Server]:
    """Start the app, and end it afterwards; its log and user data go to `folder`.

    Args:
        folder: there is a log in it afterwards, and what the app has kept.
        port: to answer at, by default a free one.
        environment: further variables of the app.
        program: the module that runs it, with Streamlit's words.

    Raises:
        RuntimeError: If the app ends or stays silent; it has the log.
    """
    port = port or _free_port()
    log = folder / "log.txt"
    command = [sys.executable, "-m", program, "run", "app.py"]
    with log.open("wb") as output:
        app = subprocess.Popen(
            [*command, "--server.port", str(port)],
            cwd=ROOT,
            env=_ENVIRONMENT
            | {USER_DATA_VARIABLE: str(folder / "user_data")}
            | dict(environment or {}),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(f"http://localhost:{port}/_stcore/health", app, log)
        yield Server(address=f"http://localhost:{port}", port=port, pid=app.pid)
    finally:
        app.terminate()
        try:
            app.wait(timeout=30)
        except subprocess.TimeoutExpired:  # it waits for visitors who are still there
            app.kill()


def lacking() -> str | None:
    """Return what is missing for a browser, as a sentence, or None if all is there."""
    if _chromium() is None:
        return f"needs a browser: install one of {', '.join(_NAMES)}"
    command = [sys.executable, "-m", "playwright", "--version"]
    driver = subprocess.run(command, capture_output=True, text=True, check=False)
    if driver.returncode != 0:
        return f"needs Playwright's driver, which fails: {driver.stderr.strip()}"
    return None


@contextmanager
def browse(*, heard: bool = True) -> Iterator[Browser]:
    """Start the system's Chromium, and end it afterwards.

    Args:
        heard: whether its windows are Playwright's, or those of `unheard`.
    """
    arguments = (*_ARGUMENTS, _HEARD) if heard else _ARGUMENTS
    with sync_playwright() as playwright:
        chromium = playwright.chromium
        with chromium.launch(executable_path=_chromium(), args=arguments) as browser:
            yield browser


def follow(page: Page, title: str) -> None:
    """A click on a page's link in the menu, which is unfolded where it has no room."""
    window = page.viewport_size
    if window is not None and window["width"] < _SMALL:
        page.get_by_test_id("stExpandSidebarButton").click()
    menu = page.get_by_test_id("stSidebar")
    menu.get_by_role("link", name=title, exact=True).click()


def wait_until_drawn(page: Page, *, timeout: float = 1000 * PATIENCE) -> None:
    """Return when the page is drawn to its end, at most `timeout` milliseconds."""
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=timeout
    )


def _chromium() -> str | None:
    """Return where the system's Chromium lies, or None if there is none."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


def _free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, app: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the app answers."""
    deadline = time.monotonic() + PATIENCE
    while app.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    msg = f"The app did not start:\n{log.read_text('utf-8', 'replace')}"
    raise RuntimeError(msg)
