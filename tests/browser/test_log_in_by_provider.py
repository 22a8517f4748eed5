"""From the provider's log-in to the log-out by Streamlit's own login, in a browser."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from cifake_core.accounts.oidc.settings import (
    CLAIM_VARIABLE,
    ROLES_VARIABLE,
    SECRET_VARIABLE,
)
from cifake_core.accounts.policies import Policies
from cifake_core.accounts.settings import SESSION_COOKIE
from cifake_core.accounts.store import Store
from tests.accounts.conftest import ROOT
from tests.browser import running
from tests.providers import Provider, free_port, provider

pytestmark = pytest.mark.browser

EVE = {"name": "Eve", "email": "eve@example.org", "email_verified": True}


@dataclass(frozen=True, kw_only=True)
class Served:
    """App that runs, the provider it asks, and where it logs and keeps."""

    address: str
    provider: Provider
    log: Path
    user_data: Path
    secret: str


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    """An app that a provider lets people into."""
    folder = tmp_path_factory.mktemp("by_provider")
    port = free_port()
    options = ("--require-registration=true", "--require-nonce=true")
    with provider(folder, *options) as known:
        environment = known.register(f"http://localhost:{port}")
        environment[CLAIM_VARIABLE] = "groups"
        environment[ROLES_VARIABLE] = '{"desk": "analyst"}'
        with running.serve(folder, port=port, environment=environment) as server:
            yield Served(
                address=server.address,
                provider=known,
                log=folder / "log.txt",
                user_data=folder / "user_data",
                secret=environment[SECRET_VARIABLE],
            )


@pytest.fixture
def page(chromium: Browser, served: Served) -> Iterator[Page]:
    """Somebody new before the log-in."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    # the provider's page asks another server for its style
    context.route("https://**", Route.abort)
    page = context.new_page()
    page.set_default_timeout(1000 * running.PATIENCE)
    page.goto(f"{served.address}/history")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    yield page
    context.close()


def let_in(page: Page, subject: str) -> None:
    """Log in at the provider as somebody."""
    page.get_by_role("link", name="Log in with 127.0.0.1").click()
    confirm(page, subject)


def confirm(page: Page, subject: str) -> None:
    """Say who one is on the provider's page."""
    page.get_by_placeholder("sub").fill(subject)
    page.get_by_role("button", name="Authorize").click()


def cookies_of(page: Page) -> dict[str, dict]:
    """Cookies of a browser by their names."""
    return {each["name"]: each for each in page.context.cookies()}


def test_from_log_in_to_log_out(page: Page, served: Served):
    """The role is the provider's; the window that stayed open is shut out, too."""
    served.provider.put("sub-eve", **EVE, groups=["desk"])
    expect(page.locator("input[type=password]")).to_have_count(0)

    let_in(page, "sub-eve")

    expect(page.get_by_role("heading", name="What was judged before")).to_be_visible()
    assert page.url.startswith(f"{served.address}/history")
    expect(page.get_by_role("link", name="Teach", exact=True)).to_have_count(0)
    held = cookies_of(page)
    assert held[SESSION_COOKIE]["httpOnly"]
    page.get_by_role("link", name="eve@example.org").click()
    expect(page.get_by_text("this one")).to_be_visible()
    expect(page.get_by_role("heading", name="Password")).to_have_count(0)
    second = page.context.new_page()
    second.goto(served.address)
    expect(second.get_by_role("heading", name="Photograph or AI")).to_be_visible()
    page.get_by_role("button", name="Log out", exact=True).click()
    expect(page.get_by_text("You are logged out here")).to_be_visible()
    second.get_by_text("Large text").click()
    expect(second.get_by_role("heading", name="Log in first")).to_be_visible()
    page.get_by_role("link", name="log out there, too").click()
    page.get_by_role("button").first.click()
    page.wait_for_url(re.compile(r"/log-in|/account/login"))
    log = served.log.read_text("utf-8")
    for name in (SESSION_COOKIE, "_streamlit_user"):
        assert held[name]["value"] not in log
    assert served.secret not in log


def test_stolen_cookies_open_nothing_after_log_out(
    page: Page, chromium: Browser, served: Served
):
    """Neither the session's nor Streamlit's, which is good for thirty days to it."""
    served.provider.put("sub-eve", **EVE)
    let_in(page, "sub-eve")
    page.wait_for_url(re.compile("/history"))
    expect(page.get_by_text("Nobody administers the accounts yet")).to_be_visible()
    stolen = page.context.cookies()
    assert {SESSION_COOKIE, "_streamlit_user"} <= {each["name"] for each in stolen}
    page.goto(f"{served.address}/account")
    page.get_by_role("button", name="Log out", exact=True).click()
    expect(page.get_by_text("You are logged out here")).to_be_visible()

    context = chromium.new_context()
    context.route("https://**", Route.abort)
    context.add_cookies(stolen)
    thief = context.new_page()
    thief.set_default_timeout(1000 * running.PATIENCE)
    thief.goto(served.address)
    expect(thief.get_by_role("heading", name="Log in")).to_be_visible()
    thief.goto(f"{served.address}/log-in?back=yes")

    expect(thief.get_by_text("has not let you in just now")).to_be_visible()
    for path in ("/history", "/media/x", "/_stcore/upload_file/x/y"):
        held = {each["name"]: each["value"] for each in stolen}
        assert httpx.get(served.address + path, cookies=held).status_code == 401
    context.close()


def test_who_is_refused_is_told_and_may_try_again(page: Page, served: Served):
    """By the provider, or here."""
    served.provider.put("sub-eve", **EVE, groups=["desk"])
    page.get_by_role("link", name="Log in with 127.0.0.1").click()
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_text("127.0.0.1 has not let you in just now.")).to_be_visible()

    Policies(Store(served.user_data)).set_registration("closed", by=ROOT)
    page.get_by_role("button", name="Log in with 127.0.0.1").click()
    confirm(page, "sub-new")
    expect(page.get_by_text("Nobody new is let in here")).to_be_visible()
    page.goto(f"{served.address}/oauth2callback?code=x&state=y")
    expect(page.get_by_text("127.0.0.1 has not let you in just now.")).to_be_visible()
    Policies(Store(served.user_data)).set_registration("open", by=ROOT)
    page.get_by_role("button", name="Log in with 127.0.0.1").click()
    confirm(page, "sub-eve")

    expect(page.get_by_role("heading", name="What was judged before")).to_be_visible()
