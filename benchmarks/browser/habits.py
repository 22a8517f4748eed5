"""What makes each page useful, and what people click there most: for `feel`."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Error, Page

from cifake_core.basics.labels import OBJECT_CLASSES

#: Seconds from a click, once warm, and from the address on the first visit.
WARM: Final = 1.0
FIRST: Final = 3.0
#: Until the map of a new picture is tested, as for the work alone in `benchmark`.
_TESTED: Final = 1.5

#: How often a list is opened, and for how many milliseconds it is waited for.
_TRIES: Final = 10
_OPENS: Final = 3000


@dataclass(frozen=True, kw_only=True, slots=True)
class Click:
    """Something that is clicked on a page, again and again.

    `act` clicks; it is given the page and how often it did so before, and never asks
    for what it asked for before. `shows` are CSS selectors of what then must be there,
    if `early` before the app has ended: what comes after tells how far it is.
    """

    title: str
    act: Callable[[Page, int], None]
    shows: tuple[str, ...]
    target: float = WARM
    early: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Habit:
    """A page by the title of its link: useful once all of `shows` is visible."""

    title: str
    path: str
    shows: tuple[str, ...]
    clicks: tuple[Click, ...] = ()


def _figure(begins: str) -> str:
    """Return the selector of a chart, drawn, by how its alternative text begins."""
    return f'[role="figure"][aria-label^="{begins}"] .main-svg'


def _picture(begins: str) -> str:
    """Return the selector of a picture by how its alternative text begins."""
    return f'img[alt^="{begins}"]'


def choose(page: Page, label: str, option: str | int) -> None:
    """Choose an option of a select box, by its words or its place in the list."""
    box = page.get_by_role("combobox", name=label).first
    options = page.get_by_role("option")
    if isinstance(option, str):
        options, option = options.filter(has_text=option), 0
    for _ in range(_TRIES):  # what is drawn above moves the page, which closes the list
        box.press("ArrowDown")
        with suppress(Error):
            options.nth(option).click(timeout=_OPENS)
            return
    msg = f"The list of {label!r} did not stay open."
    raise Error(msg)


def _press(page: Page, name: str) -> None:
    """Press a button on the page."""
    page.get_by_test_id("stButton").filter(has_text=name).first.click()


def _slide(page: Page, label: str, number: int) -> None:
    """Move a slider one step on, and back in turn."""
    key = ("ArrowRight", "ArrowLeft")[number % 2]
    page.get_by_role("slider", name=label).first.press(key)


def _draw(page: Page, _number: int) -> None:
    """Analyze a test picture drawn at random."""
    page.get_by_role("radio", name="Test set").check()
    _press(page, "Draw a test picture")


def _explain(page: Page, number: int) -> None:
    """Have another network explained: its controls are behind a button."""
    network = page.get_by_role("radio", name=("3D-CNN", "2D-CNN")[number % 2])
    if not network.is_visible():
        page.get_by_role("button", name="Another map").click()
    network.click()


def _another_picture(page: Page, number: int) -> None:
    """Explain another test picture: leaving the box of its number is enough."""
    way = page.get_by_role("button", name="Another picture")
    way.click()
    box = page.get_by_role("spinbutton", name="Number of a picture")
    box.fill(str(100 + number))
    way.click()


def _toggle_cell(page: Page, _number: int) -> None:
    """Click a cell of the confusion matrix; the second click lets it go again."""
    matrix = page.locator('[role="figure"][aria-label^="Confusion matrix"]')
    matrix.locator(".bars path").nth(1).click(force=True)


def _turn(page: Page, number: int) -> None:
    """Choose one of two networks and the other in turn."""
    choose(page, "Network", ("3D-CNN", "2D-CNN")[number % 2])


def _object(page: Page, number: int) -> None:
    """Choose one of the object classes that a list shows before one scrolls."""
    choose(page, "Object", OBJECT_CLASSES[number % 6])


#: The picture that *Explain* is about, which stands beside the verdict.
_ENLARGED: Final = 'img[alt$=", 32x32 pixels, enlarged in blocks."]'
_FILTERS: Final = Click(title="object class", act=_object, shows=(_picture("A "),))

#: In the order of the menu.
HABITS: Final = (
    Habit(
        title="Analyze",
        path="",
        shows=(_picture("Grad-CAM"), _picture("The Sobel channel")),
        clicks=(
            Click(
                title="another picture",
                act=_draw,
                shows=(_picture("Grad-CAM"), _picture("The Sobel channel")),
            ),
            Click(
                title="network to explain",
                act=_explain,
                shows=(_picture("Grad-CAM"),),
            ),
        ),
    ),
    Habit(title="Batch", path="batch", shows=("h1",)),
    Habit(
        title="Explain",
        path="explain",
        shows=('[data-testid="stButton"], img',),
        clicks=(
            Click(
                title="new picture: verdict, channels, map",
                act=_another_picture,
                shows=(_ENLARGED, _figure("What each channel"), _picture("Map: ")),
                early=True,
            ),
            Click(
                title="method: map",
                act=lambda page, number: choose(page, "Method", 1 + number % 4),
                shows=(_picture("Map: "),),
                early=True,
            ),
            Click(
                title="new picture: map tested too",
                act=lambda page, number: _another_picture(page, 100 + number),
                shows=(_figure("Curves"),),
                target=_TESTED,
            ),
        ),
    ),
    Habit(title="History", path="history", shows=("h1",)),
    Habit(
        title="Test set",
        path="test_set",
        shows=(_figure("Confusion"), _figure("Reliability"), _picture("A ")),
        clicks=(
            Click(
                title="threshold",
                act=lambda page, number: _slide(page, "Call a picture", number),
                shows=(_figure("Confusion"), _picture("A ")),
            ),
            Click(title="cell", act=_toggle_cell, shows=(_picture("A "),)),
            Click(title="network", act=_turn, shows=(_figure("Confusion"),)),
            _FILTERS,
        ),
    ),
    Habit(
        title="Compare",
        path="compare",
        shows=(_figure("Agreement"), _figure("Scores"), _picture("A ")),
        clicks=(
            Click(
                title="network",
                act=lambda page, number: choose(
                    page, "Network B", ("Ensemble", "3D-CNN")[number % 2]
                ),
                shows=(_figure("Agreement"), _picture("A ")),
            ),
            _FILTERS,
        ),
    ),
    Habit(
        title="Robustness",
        path="robustness",
        shows=(_figure("Accuracy after JPEG"), _picture("A ")),
        clicks=(
            Click(
                title="corruption",
                act=lambda page, number: choose(page, "Corruption", 1 + number),
                shows=(_picture("A "),),
            ),
            Click(title="network", act=_turn, shows=(_picture("A "),)),
        ),
    ),
    Habit(
        title="Data",
        path="data",
        shows=(_figure("Mean spectra"), _picture("A REAL"), _picture("The mean")),
        clicks=(_FILTERS,),
    ),
    Habit(title="Data sets", path="data_sets", shows=("h1",)),
    Habit(title="Teach", path="teach", shows=("h1",)),
    Habit(
        title="Embedding",
        path="embedding_map",
        shows=('[role="figure"] .gl-container canvas', _picture("A ")),
        clicks=(
            Click(
                title="colour",
                act=lambda page, number: page.get_by_role(
                    "radio", name=("Object", "Truth")[number % 2]
                ).click(),
                shows=('[role="figure"] .gl-container canvas',),
            ),
            _FILTERS,
        ),
    ),
    Habit(
        title="Attention",
        path="attention",
        shows=(_picture("Mean evidence"), _figure("How far"), _picture("A ")),
        clicks=(
            Click(title="network", act=_turn, shows=(_picture("Mean evidence"),)),
            _FILTERS,
        ),
    ),
    Habit(
        title="Networks",
        path="networks",
        shows=(_figure("Learning curves"), _figure("Object classes")),
    ),
    Habit(
        title="Generators",
        path="generators",
        shows=(_figure("Family tree"), _picture("Picture 0 by")),
        clicks=(
            Click(
                title="what is different: spectra",
                act=lambda page, number: page.get_by_role(
                    "radio", name=("What is different", "Gallery")[number % 2]
                ).click(),
                shows=('[role="figure"] .main-svg',),
            ),
        ),
    ),
    Habit(
        title="Papers",
        path="papers",
        shows=('[data-testid="stDataFrame"] canvas', _figure("Accuracy against")),
        clicks=(
            Click(
                title="network to open: layers, figures",
                act=lambda page, number: choose(page, "Network to open", number % 6),
                shows=(_figure("Learning curves of"), _figure("Reliability of")),
                early=True,
            ),
        ),
    ),
    Habit(
        title="Beat the model",
        path="beat_the_model",
        shows=(_picture("Picture "),),
        clicks=(
            Click(
                title="answer, then the next",
                act=lambda page, number: page.keyboard.press(
                    ("4", "ArrowRight")[number % 2]
                ),
                shows=(_picture("Picture "),),
            ),
        ),
    ),
    Habit(
        title="How it works",
        path="how_it_works",
        shows=(_picture("As you set them"),),
        clicks=(
            Click(
                title="filter's setting",
                act=lambda page, number: _slide(page, "CLAHE: contrast", number),
                shows=(_picture("As you set them"),),
            ),
        ),
    ),
    Habit(title="About", path="about", shows=("h2",)),
)
