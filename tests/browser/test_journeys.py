"""What visitors do, in a real browser, with the networks that are shipped."""

import re
from base64 import b64encode
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from benchmarks.browser.habits import choose
from cifake_core.explain import EXPLAINERS
from cifake_core.networks import OWN
from cifake_core.pictures.reading import read_picture
from cifake_core.trust import table
from tests.browser import running
from tests.browser.conftest import OpenPage, wait_for_picture
from tests.browser.running import ROOT

pytestmark = pytest.mark.browser

SAMPLES = ROOT / "assets" / "samples"
RULING = re.compile("No trace|REAL|FAKE|UNSURE")
AGREEMENT = re.compile("The networks (agree|disagree)")

#: What a browser does with a picture on the clipboard, given as base64.
PASTE = """(box, data) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const clipboardData = new DataTransfer();
    const file = new File([bytes], "clipboard.png", {type: "image/png"});
    clipboardData.items.add(file);
    box.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true}));
}"""


#: What a browser does with a picture that is dropped, given as base64.
DROP = """(data) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], "dropped.png", {type: "image/png"}));
    for (const kind of ["dragover", "drop"]) {
        const facts = {dataTransfer, bubbles: true, cancelable: true};
        document.querySelector("h1").dispatchEvent(new DragEvent(kind, facts));
    }
}"""


def upload(page: Page, *files: Path) -> None:
    """Give files to the uploader."""
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(files)


def test_from_a_picture_to_an_explained_verdict(open_page: OpenPage):
    """A picture gets a decision, two verdicts, and a LIME overlay that downloads."""
    page = open_page()

    upload(page, SAMPLES / "cat_32.png")
    expect(page.get_by_role("heading", name="cat_32.png")).to_be_visible()
    page.get_by_role("button", name="Another map").click()
    page.get_by_role("button", name="LIME", exact=True).click()

    expect(page.get_by_role("heading", name=RULING, level=2)).to_have_count(1)
    expect(page.get_by_role("heading", name=RULING, level=3)).to_have_count(len(OWN))
    expect(page.get_by_text(AGREEMENT).first).to_be_visible()
    for title in ("Grad-CAM", "LIME"):
        drawn = page.get_by_alt_text(re.compile(f"^{title} of the .*CNN"))
        expect(drawn).to_be_visible()
        wait_for_picture(drawn)
    expect(page.get_by_alt_text(re.compile("^The .* channel"))).to_have_count(6)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download LIME as PNG").click()
    overlay = read_picture(Path(download.value.path()))
    assert overlay.pixels.shape == (320, 320, 3)
    assert re.match(r"lime-cnn-(REAL|FAKE)\.png", download.value.suggested_filename)


@pytest.mark.parametrize("size", [(1440, 900), (1280, 800)], ids=str)
def test_the_first_screen_is_a_finished_result(open_page: OpenPage, size):
    """Verdict, picture, map and all channels are in sight, and five more samples."""
    page = open_page()
    width, height = size
    page.set_viewport_size({"width": width, "height": height})

    channels = page.get_by_alt_text(re.compile("^The .* channel"))
    expect(channels).to_have_count(6)
    shown = [
        page.get_by_alt_text(re.compile("^The picture as given")),
        page.get_by_alt_text(re.compile("^Grad-CAM of the")),
        page.get_by_role("heading", name=RULING, level=2).last,
        page.get_by_text(re.compile("^Looks like")).first,
        *channels.all(),
    ]
    for each in shown:
        expect(each).to_be_in_viewport(ratio=1)


def test_a_picture_is_dropped_anywhere(open_page: OpenPage):
    """Not only on the field for files: it is judged, and the sample gives way."""
    page = open_page()

    data = b64encode((SAMPLES / "rocket_32.png").read_bytes()).decode()
    expect(page.get_by_alt_text("The Sobel channel")).to_be_visible()
    expect(page.locator(".cifake-drop")).to_be_attached()
    page.evaluate(DROP, data)

    expect(page.get_by_role("heading", name="dropped.png")).to_be_visible()
    expect(page.locator(".cifake-drop")).to_be_hidden()


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
    expect(page.get_by_role("heading", name=RULING, level=3)).to_have_count(len(OWN))


@pytest.mark.data
def test_from_a_cell_of_the_matrix_to_the_next_picture(
    open_page: OpenPage, cifake_data: Path
):
    """A click on a cell shows its pictures; one opens large, and the arrow goes on."""
    assert cifake_data.exists()
    page = open_page()

    running.follow(page, "Test set")
    matrix = page.get_by_role("figure", name=re.compile("^Confusion matrix"))
    cell = matrix.locator(".bars path").nth(1)
    expect(cell).to_be_visible()
    words = str(matrix.get_attribute("aria-label"))
    count = re.findall(r"([\d,]+) REAL", words)[0]
    cell.click(force=True)  # Plotly lays its own layer over the bars

    expect(page.get_by_test_id("stMetric").last).to_contain_text(f"{count} picture")
    missed = page.get_by_alt_text(re.compile("^A FAKE .* that was called REAL"))
    expect(missed).to_have_count(min(24, int(count.replace(",", ""))))
    expect(page.get_by_alt_text(re.compile("^A REAL"))).to_have_count(0)
    wait_for_picture(missed.first)
    page.locator(".cifake-grid button").first.click()
    expect(page.get_by_text(f"Picture 1 of {count} in")).to_be_visible()
    expect(page.get_by_role("heading", name="the truth: FAKE")).to_be_visible()
    expect(page.get_by_alt_text(re.compile("^Grad-CAM of the"))).to_have_count(len(OWN))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text(f"Picture 2 of {count} in")).to_be_visible()
    expect(page.get_by_alt_text("Grad-CAM of the 2D-CNN")).to_be_visible()
    page.keyboard.press("Escape")
    expect(missed.first).to_be_visible()


@pytest.mark.data
def test_a_link_opens_the_same_view(
    open_page: OpenPage, address: str, cifake_data: Path
):
    """Who follows a link sees the network, threshold and pictures of who sent it."""
    assert cifake_data.exists()
    page = open_page()
    view = "network=cnn3d&threshold=0.2&object_class=bird&right=no"

    page.goto(f"{address}/test_set?{view}")

    expect(page.get_by_role("slider").first).to_have_value("0.2")
    expect(page.get_by_role("combobox").first).to_have_value("3D-CNN")
    bird = page.get_by_alt_text(re.compile("^A (FAKE bird .* REAL|REAL bird .* FAKE)"))
    expect(bird).to_have_count(24)  # a whole page of them, and nothing else
    expect(page.get_by_alt_text(re.compile("^A (FAKE|REAL)"))).to_have_count(24)
    expect(page).to_have_url(re.compile(f"{re.escape(view)}$"))


@pytest.mark.data
def test_from_a_cell_of_the_comparison_to_its_pictures(
    open_page: OpenPage, cifake_data: Path
):
    """At first one sees what the 3D-CNN alone sees; a click shows another cell."""
    assert cifake_data.exists()
    page = open_page()

    running.follow(page, "Compare")
    sees = "What the 3D-CNN sees and the 2D-CNN does not"
    expect(page.get_by_role("heading", name=sees)).to_be_visible()
    agreement = page.get_by_role("figure", name=re.compile("^Agreement of"))
    cell = agreement.locator(".bars path").nth(3)
    expect(cell).to_be_visible()
    words = str(agreement.get_attribute("aria-label"))
    count = re.findall(r"both wrong ([\d,]+)", words)[0]
    cell.click(force=True)

    expect(page.get_by_role("heading", name="What both get wrong")).to_be_visible()
    expect(page.get_by_test_id("stMetric").last).to_contain_text(f"{count} picture")
    page.locator(".cifake-grid button").first.click()
    expect(page.get_by_text(f"Picture 1 of {count} in")).to_be_visible()
    expect(page.get_by_alt_text("Grad-CAM of the 3D-CNN")).to_be_visible()


def test_from_analyze_to_an_explanation_that_is_tested(open_page: OpenPage):
    """The picture of Analyze gets a tested map; slow work stops; all downloads."""
    page = open_page()
    word = re.compile("Faithful|Weak|No better than chance")

    upload(page, SAMPLES / "cat_32.png")
    expect(page.get_by_role("heading", name="cat_32.png")).to_be_visible()
    page.locator("a[href$='explain?picture=opened']").click()
    expect(page.get_by_role("heading", name=word)).to_be_visible()
    best = EXPLAINERS[table.best_method("cnn", ROOT / "models")].title
    expect(page.get_by_alt_text(f"Map: {best} of the 2D-CNN")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/explain\?picture=opened$"))
    choose(page, "Beside it", "Method: SHAP")
    expect(page.get_by_role("heading", name=word)).to_have_count(2)
    page.get_by_role("slider", name="SHAP").press("End")
    # Streamlit's own bar has a button of that name, too
    page.get_by_test_id("stButton").filter(has_text="Stop").click()

    expect(page.get_by_text("Stopped: Computing SHAP")).to_be_visible()
    expect(page.get_by_role("button", name="Go on")).to_be_visible()
    expect(page.get_by_alt_text("Map: SHAP of the 2D-CNN")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"/explain\?picture=opened&beside=shap$"))
    with page.expect_download() as download:
        page.get_by_role("button", name="Download picture, map").click()
    sheet = read_picture(Path(download.value.path()))
    assert sheet.pixels.shape[1] > sheet.pixels.shape[0] > 384


def test_a_row_of_the_table_chooses_its_object_class(open_page: OpenPage):
    """By mouse and by keyboard; the second press lets it go again."""
    page = open_page()

    running.follow(page, "Test set")
    bird = page.get_by_role("button", name="bird", exact=True)
    page.get_by_role("row").filter(has=bird).get_by_role("cell").last.click()
    expect(page).to_have_url(re.compile("object_class=bird"))
    expect(bird).to_have_attribute("aria-pressed", "true")
    bird.press("Enter")

    expect(page).not_to_have_url(re.compile("object_class"))
    expect(bird).to_have_attribute("aria-pressed", "false")
    expect(bird).to_be_focused()  # from there the keyboard goes on


@pytest.mark.data
def test_from_a_point_of_a_curve_to_the_pictures_that_flip(
    open_page: OpenPage, cifake_data: Path
):
    """A click on strong noise shows what it flips, as it is and corrupted."""
    assert cifake_data.exists()
    page = open_page()

    running.follow(page, "Robustness")
    noise = page.get_by_role(
        "figure", name=re.compile("^Accuracy after Gaussian noise")
    )
    # the second of three lines: no other comes near it
    line = noise.locator(".scatterlayer .trace").nth(1)
    point = line.locator(".points path").last
    expect(point).to_be_visible()
    point.click(force=True)  # Plotly lays its own layer over the points

    flips = "What the 3D-CNN no longer gets right after Gaussian noise, sigma 16 of 255"
    expect(page.get_by_role("heading", name=flips)).to_be_visible()
    expect(page).to_have_url(re.compile("corruption=noise_16"))
    corrupted = page.get_by_alt_text(re.compile("corrupted, that was called"))
    expect(corrupted).to_have_count(24)


def test_from_a_generator_to_one_of_its_pictures(open_page: OpenPage):
    """A click on a leaf of the tree shows its pictures, one on a picture opens it."""
    page = open_page()

    running.follow(page, "Generators")
    tree = page.get_by_role("figure", name=re.compile("^Family tree"))
    leaf = tree.locator(".scatterlayer .points path").first
    expect(leaf).to_be_visible()
    leaf.click(force=True)  # Plotly lays its own layer over the points
    expect(page).to_have_url(re.compile("generator=gan_transposed"))
    page.get_by_alt_text("Picture 2 by GAN with").click()

    expect(page).to_have_url(re.compile("picture=gan_transposed%3A2"))
    expect(page.get_by_role("heading", name="the truth: FAKE")).to_be_visible()
    expect(page.get_by_alt_text("Grad-CAM of the 2D-CNN")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("picture="))


def test_visitors_do_not_see_each_other(open_page: OpenPage):
    """Two visitors with different pictures each see their own, and only that."""
    first, second = open_page(), open_page()

    upload(first, SAMPLES / "cat_32.png")
    upload(second, SAMPLES / "rocket_32.png")
    expect(first.get_by_role("heading", name="cat_32.png")).to_be_visible()
    expect(second.get_by_role("heading", name="rocket_32.png")).to_be_visible()
    first.get_by_role("button", name="Another map").click()
    first.get_by_role("button", name="LIME", exact=True).click()

    expect(first.get_by_alt_text("LIME of the 2D-CNN")).to_be_visible()
    expect(first.get_by_role("heading", name="cat_32.png")).to_be_visible()
    expect(first.get_by_text("rocket_32.png")).to_have_count(0)
    expect(second.get_by_role("heading", name="rocket_32.png")).to_be_visible()
    expect(second.get_by_text("cat_32.png")).to_have_count(0)
    expect(second.get_by_alt_text("LIME of the 2D-CNN")).to_have_count(0)
