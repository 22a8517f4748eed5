"""What visitors do, in a real browser, with the networks that are shipped."""

import re
from base64 import b64encode
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cifake_core.images import read_picture
from tests.browser.conftest import ROOT, OpenPage

pytestmark = pytest.mark.browser

SAMPLES = ROOT / "assets" / "samples"
RULING = re.compile("REAL|FAKE|UNSURE")
AGREEMENT = re.compile("The networks (agree|disagree)")

#: What a browser does with a picture on the clipboard, given as base64.
PASTE = """(box, data) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const clipboardData = new DataTransfer();
    const file = new File([bytes], "clipboard.png", {type: "image/png"});
    clipboardData.items.add(file);
    box.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true}));
}"""


def upload(page: Page, *files: Path) -> None:
    """Give files to the uploader."""
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(files)


def test_from_a_picture_to_an_explained_verdict(open_page: OpenPage):
    """A picture gets a ruling, two verdicts, and a LIME overlay that downloads."""
    page = open_page()

    upload(page, SAMPLES / "cat_32.png")
    expect(page.get_by_role("heading", name="cat_32.png")).to_be_visible()
    page.get_by_role("button", name="LIME", exact=True).click()

    expect(page.get_by_role("heading", name=RULING, level=2)).to_have_count(1)
    expect(page.get_by_role("heading", name=RULING, level=3)).to_have_count(3)
    expect(page.get_by_text(AGREEMENT).first).to_be_visible()
    expect(page.get_by_alt_text("Grad-CAM of the 2D-CNN")).to_be_visible()
    expect(page.get_by_alt_text("LIME of the 2D-CNN")).to_be_visible()
    expect(page.get_by_alt_text(re.compile("^The .* channel"))).to_have_count(6)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download LIME as PNG").click()
    overlay = read_picture(Path(download.value.path()))
    assert overlay.pixels.shape == (320, 320, 3)
    assert re.match(r"lime-cnn-(REAL|FAKE)\.png", download.value.suggested_filename)


def test_after_a_bad_file_a_good_one(open_page: OpenPage, tmp_path: Path):
    """A text file in a picture's clothes is refused; a picture then works."""
    page = open_page()
    notes = tmp_path / "notes.png"
    notes.write_text("This is not a picture.", "utf-8")

    upload(page, notes)
    refusal = page.get_by_role("alert").filter(has_text="notes.png: The file is not")
    expect(refusal).to_be_visible()
    upload(page, SAMPLES / "rocket_32.png")

    expect(page.get_by_role("heading", name="rocket_32.png")).to_be_visible()
    expect(page.get_by_role("heading", name=RULING, level=2)).to_be_visible()


def test_a_pasted_picture_is_judged(open_page: OpenPage):
    """A picture from the clipboard gets its verdicts, like an uploaded one."""
    page = open_page()
    page.get_by_text("Paste", exact=True).click()
    box = page.get_by_test_id("stChatInputTextArea")

    box.evaluate(PASTE, b64encode((SAMPLES / "rocket_32.png").read_bytes()).decode())
    expect(page.get_by_text("clipboard.png")).to_be_visible()
    expect(page.get_by_role("button", name="Send message")).to_be_enabled()
    box.press("Enter")

    expect(page.get_by_role("heading", name="clipboard.png")).to_be_visible()
    expect(page.get_by_role("heading", name=RULING, level=3)).to_have_count(3)


@pytest.mark.data
def test_open_an_error_from_the_gallery(open_page: OpenPage, cifake_data: Path):
    """An error of the gallery opens in Analyze, with its truth and its verdicts."""
    assert cifake_data.exists()
    page = open_page()

    page.get_by_role("link", name="Test set").click()
    expect(page.get_by_role("table")).to_contain_text("20,000")
    thumbnail = page.get_by_alt_text(re.compile("^A (REAL|FAKE) .* that was called"))
    expect(thumbnail.first).to_be_visible()
    truth = str(thumbnail.first.get_attribute("alt")).split()[1]
    page.get_by_role("button", name="Open").first.click()

    expect(page.get_by_role("heading", name="Test picture")).to_be_visible()
    expect(page.get_by_text(f"The truth: {truth}.")).to_be_visible()
    expect(page.get_by_role("heading", name=RULING, level=3)).to_have_count(3)


def test_visitors_do_not_see_each_other(open_page: OpenPage):
    """Two visitors with different pictures each see their own, and only that."""
    first, second = open_page(), open_page()

    upload(first, SAMPLES / "cat_32.png")
    upload(second, SAMPLES / "rocket_32.png")
    expect(first.get_by_role("heading", name="The six channels")).to_be_visible()
    expect(second.get_by_role("heading", name="The six channels")).to_be_visible()
    first.get_by_role("button", name="LIME", exact=True).click()

    expect(first.get_by_alt_text("LIME of the 2D-CNN")).to_be_visible()
    expect(first.get_by_role("heading", name="cat_32.png")).to_be_visible()
    expect(first.get_by_text("rocket_32.png")).to_have_count(0)
    expect(second.get_by_role("heading", name="rocket_32.png")).to_be_visible()
    expect(second.get_by_text("cat_32.png")).to_have_count(0)
    expect(second.get_by_alt_text("LIME of the 2D-CNN")).to_have_count(0)
