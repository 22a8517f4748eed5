"""The scripts of our components in a browser, without a server."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.running import ROOT

pytestmark = pytest.mark.browser

FRONTEND = ROOT / "cifake_core" / "ui" / "frontend"
#: Runs a component as Streamlit does, and notes what it tells the server.
DRAW = """async ([script, data]) => {
    window.told = [];
    const address = URL.createObjectURL(new Blob([script], {type: "text/javascript"}));
    const component = await import(address);
    component.default({
        data,
        parentElement: document.body,
        setTriggerValue: (...words) => told.push(words),
    });
}"""
#: What a browser does with files, given as their words, over the page.
DRAG = """([kind, words]) => {
    const dataTransfer = new DataTransfer();
    for (const each of words) dataTransfer.items.add(new File([each], `${each}.png`));
    if (kind === "dragover") dataTransfer.items.add(new File(["x"], "x.png"));
    const facts = {dataTransfer, bubbles: true, cancelable: true};
    document.body.firstElementChild.dispatchEvent(new DragEvent(kind, facts));
}"""
#: A picture of one pixel.
DOT = "data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs="
MARKUP = "<img src=x onerror=\"told.push('run')\">"

Draw = Callable[[str, object], Page]


@pytest.fixture
def draw(chromium: Browser) -> Iterator[Draw]:
    """Return a function that draws a component, and again with other data."""
    with chromium.new_context() as context:
        page = context.new_page()
        drawn: list[str] = []

        def draw(name: str, data: object) -> Page:
            if not drawn:
                page.set_content((FRONTEND / f"{name}.html").read_text("utf-8"))
                page.add_style_tag(path=FRONTEND / f"{name}.css")
            drawn.append(name)
            script = (FRONTEND / f"{name}.js").read_text("utf-8")
            page.evaluate(DRAW, [script, data])
            return page

        yield draw


def cell(number: int, *lines: str, image: str | None = DOT) -> dict[str, object]:
    """Return a cell of the gallery."""
    picture = {"image": image, "alt": f"A cat, {number}.", "lines": lines}
    return {"number": number, "pictures": [picture], "line": "below"}


def test_a_click_on_a_picture_tells_its_number(draw: Draw):
    """Each is a button, which has its alternative text and its words as a name."""
    page = draw("grid", {"cells": [cell(7, "cat", "FAKE"), cell(8)], "size": 128})

    page.get_by_role("button", name="A cat, 7. cat FAKE below").click()
    page.get_by_role("button", name="A cat, 8.").press("Enter")

    assert page.evaluate("told") == [["opened", 7], ["opened", 8]]
    assert page.get_by_text("cat").first.inner_text() == "cat\nFAKE"
    box = page.get_by_alt_text("A cat, 7.").bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (128, 128)


def test_a_cell_without_a_picture_has_its_words(draw: Draw):
    """Nothing stands for an image that is not there; the old cells go."""
    draw("grid", {"cells": [cell(7, "before")], "size": 128})

    page = draw("grid", {"cells": [cell(9, "words", image=None)], "size": 128})

    expect(page.get_by_role("button")).to_have_text(["wordsbelow"])
    expect(page.get_by_role("img")).to_have_count(0)


def test_a_row_is_chosen_by_mouse_and_keyboard(draw: Draw):
    """The chosen one stands out, and the focus stays where it was."""
    rows = [["cat", "31"], ["dog", "12"]]
    page = draw("rows", {"head": ["Object", "Errors"], "rows": rows, "chosen": None})

    page.get_by_role("cell", name="12").click()
    page.get_by_role("button", name="cat").press("Enter")
    told = page.evaluate("told")
    draw("rows", {"head": ["Object", "Errors"], "rows": rows, "chosen": 0})

    assert told == [["chosen", 1], ["chosen", 0]]
    expect(page.get_by_role("button", name="cat", pressed=True)).to_be_focused()
    expect(page.get_by_role("button", name="dog", pressed=False)).to_be_visible()
    expect(page.get_by_role("columnheader")).to_have_text(["Object", "Errors"])


def test_dropped_files_are_told_whole_or_too_large(draw: Draw):
    """The page shows where to drop; once drawn anew, nothing is told twice."""
    data = {"words": "Drop here", "most": 4}
    draw("drop", data)

    page = draw("drop", data)
    page.evaluate(DRAG, ["dragover", []])
    shown = page.get_by_text("Drop here").is_visible()
    page.evaluate(DRAG, ["drop", ["cat", "horse"]])

    page.wait_for_function("told.length > 0")
    expect(page.get_by_text("Drop here")).to_be_hidden()
    assert shown
    small = {"name": "cat.png", "size": 3, "content": "Y2F0"}
    large = {"name": "horse.png", "size": 5, "content": None}
    assert page.evaluate("told") == [["dropped", [small, large]]]


def test_a_field_for_files_keeps_what_is_dropped_on_it(draw: Draw):
    """What is dropped on it is not told; that it refuses the rest does not matter."""
    page = draw("drop", {"words": "Drop here", "most": 4})
    field = "document.body.firstElementChild.dataset.testid = 'stFileUploader'"
    refuses = "document.addEventListener('drop', (each) => each.preventDefault())"

    page.evaluate(refuses)
    page.evaluate(DRAG, ["drop", ["cat"]])
    page.wait_for_function("told.length > 0")
    page.evaluate(field)
    page.evaluate(DRAG, ["drop", ["dog"]])
    page.wait_for_timeout(200)

    assert [each["name"] for each in page.evaluate("told")[0][1]] == ["cat.png"]
    assert len(page.evaluate("told")) == 1


@pytest.mark.parametrize("name", ["grid", "rows"])
def test_data_that_looks_like_html_stays_text(draw: Draw, name: str):
    """Nothing in it is run."""
    cells = [{**cell(1, MARKUP), "line": MARKUP}]
    rows = {"head": [MARKUP], "rows": [[MARKUP]], "chosen": None}

    page = draw(name, {"cells": cells, "size": 128} if name == "grid" else rows)

    expect(page.get_by_text(MARKUP).first).to_be_visible()
    assert page.evaluate("told") == []
