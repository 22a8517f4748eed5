"""The report in a real browser: it opens from a file and asks for nothing else."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.findings import page_of

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_opens_without_a_network(chromium: Browser, tmp_path: Path, scheme: str):
    """Every picture is drawn, no request leaves, and the browser has no complaint."""
    file = tmp_path / "report.html"
    file.write_text(page_of(name="cat & dog.png"), "utf-8")
    requests: list[str] = []
    complaints: list[str] = []
    context = chromium.new_context(
        color_scheme="dark" if scheme == "dark" else "light", offline=True
    )
    page = context.new_page()
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))

    page.goto(file.as_uri())

    expect(page.get_by_role("heading", name="cat & dog.png")).to_be_visible()
    pictures = page.get_by_role("img").filter(has_not=page.locator("polyline"))
    expect(pictures.first).to_be_visible()
    widths = page.locator("img").evaluate_all("all => all.map(i => i.naturalWidth)")
    assert len(widths) == 33
    assert min(widths) >= 32
    assert [url for url in requests if not url.startswith("data:")] == [file.as_uri()]
    assert complaints == []
    colour = page.locator("body").evaluate("body => getComputedStyle(body).color")
    light = min(map(int, re.findall(r"\d+", colour))) > 200
    assert light == (scheme == "dark")
    context.close()
