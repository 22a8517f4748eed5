"""From the provider's log-in to the log-out, in a browser, and what is refused."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from cifake_core.accounts.oidc.settings import (
    CLAIM_VARIABLE,
    ROLES_VARIABLE,
    SECRET_VARIABLE,
)
from cifake_core.accounts.settings import SESSION_COOKIE
from tests.browser import running
from tests.providers import Provider, free_port, provider

pytestmark = pytest.mark.browser

EVE = {"name": "Eve", "email": "eve@example.org", "email_verified": True}


@dataclass(frozen=True, kw_only=True)
class Served:
    """App that runs, the provider it asks, and where it logs."""

    address: str
    provider: Provider
    log: Path
    secret: str


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    """An app that a provider lets people into."""
    folder = tmp_path_factory.mktemp("by_provider")
    port = free_port()
    with provider(folder, "--require-registration=true") as known:
        environment = known.register(f"http://localhost:{port}")
        environment[CLAIM_VARIABLE] = "groups"
        environment[ROLES_VARIABLE] = '{"desk": "analyst"}'
        with running.serve(folder, port=port, environment=environment) as server:
            yield Served(
                address=server.address,
                provider=known,
                log=folder / "log.txt",
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
    page.get_by_placeholder("sub").fill(subject)
    page.get_by_role("button", name="Authorize").click()


def test_from_log_in_to_log_out(page: Page, served: Served):
    """The role is the provider's; the window that stayed open is shut out, too."""
    served.provider.put("sub-eve", **EVE, groups=["desk"])
    expect(page.locator("input[type=password]")).to_have_count(0)

    let_in(page, "sub-eve")

    expect(page.get_by_role("heading", name="What was judged before")).to_be_visible()
    assert page.url.startswith(f"{served.address}/history")
    expect(page.get_by_role("link", name="Teach", exact=True)).to_have_count(0)
    (cookie,) = [c for c in page.context.cookies() if c["name"] == SESSION_COOKIE]
    assert cookie["httpOnly"]
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
    page.context.add_cookies([cookie])  # as a thief has kept it
    second.goto(served.address)
    expect(second.get_by_role("heading", name="Log in")).to_be_visible()
    page.get_by_role("link", name="log out there, too").click()
    page.get_by_role("button").first.click()
    page.wait_for_url(re.compile(r"/account/login"))
    assert served.secret not in served.log.read_text("utf-8")
    assert cookie["value"] not in served.log.read_text("utf-8")


def test_who_is_refused_is_told_and_may_try_again(page: Page, served: Served):
    """By the provider, or as the answer is another's."""
    served.provider.put("sub-eve", **EVE)
    page.get_by_role("link", name="Log in with 127.0.0.1").click()
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_role("alert")).to_contain_text("has not let you in")

    page.goto(f"{served.address}/account/oidc/callback?code=x&state=y")
    expect(page.get_by_role("alert")).to_contain_text("not begun in this browser")
    let_in(page, "sub-eve")

    expect(page.get_by_role("heading", name="Photograph or AI")).to_be_visible()
