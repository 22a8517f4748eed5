"""Panel *File* in a real browser: a web UI's picture, a signed and a changed one."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.made_signatures import authority, signed
from tests.provenance.reading import exif, with_exif, with_texts
from tests.provenance.test_camera import DETAILS, IMAGE, PLACE
from tests.provenance.test_generated import A1111

pytestmark = pytest.mark.browser

#: Milliseconds after which the networks, of which none is asked at first, are loaded.
_LOADED = 300_000


def given(open_page: OpenPage, file: Path, data: bytes) -> Page:
    """A page on which this file was given, with its verdict."""
    page = open_page()
    file.write_bytes(data)
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    heading = page.get_by_role("heading", name=file.name)
    expect(heading).to_be_visible(timeout=_LOADED)
    return page


def test_a_web_uis_picture_and_a_photograph(open_page: OpenPage, tmp_path: Path):
    """Each is summed up in one sentence; the place is shown when it is asked for."""
    page = given(open_page, tmp_path / "duck.png", with_texts(parameters=A1111))
    expect(page.get_by_text("UI (AUTOMATIC1111) made it").first).to_be_visible()
    row = page.get_by_role("row").filter(has_text="PNG text “parameters”")
    expect(row).to_contain_text(re.compile("weak.*anyone can write it"))

    photo = with_exif(exif(IMAGE, DETAILS, PLACE))
    page = given(open_page, tmp_path / "photo.jpg", photo)
    row = page.get_by_role("row").filter(has_text="Says it is a photograph")
    expect(row).to_contain_text("Canon EOS 5D, EF 50 mm")
    expect(page.get_by_text("33.86000° S")).to_have_count(0)
    page.get_by_role("button", name="Show where it says it was taken").click()
    expect(page.get_by_text("33.86000° S, 151.20000° E")).to_be_visible()


def test_a_signed_picture_and_a_changed_one(open_page: OpenPage, tmp_path: Path):
    """One is unchanged since, of the other it is said what was changed."""
    ours = signed(authority())
    changed = bytearray(ours)
    changed[-100] ^= 1

    page = given(open_page, tmp_path / "signed.jpg", ours)
    expect(page.get_by_text("that Example Painter made it").first).to_be_visible()
    page = given(open_page, tmp_path / "changed.jpg", bytes(changed))
    row = page.get_by_role("row").filter(has_text="Signed origin")
    expect(row).to_contain_text("bytes were changed after it was signed")
