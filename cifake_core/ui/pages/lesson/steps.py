"""The lesson: which step and which picture its page shows; its address says so."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from cifake_core import figures
from cifake_core.basics.errors import CifakeError
from cifake_core.pictures.records import PreparedPicture
from cifake_core.ui.browse import views
from cifake_core.ui.browse.address import whole
from cifake_core.ui.browse.lesson import PAGE
from cifake_core.ui.services import samples, visit
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import components, texts

_SOURCES: Final = {
    "sample": "A sample",
    "test": "The test set",
    "analyze": "Open in Analyze",
}
_Row = st.delta_generator.DeltaGenerator


def ask_step(titles: Sequence[str]) -> int:
    """Number of the step to show, from 0; the arrow keys go on and back."""
    text = views.query(PAGE).get("step", "1")
    step = (whole(text, least=1, most=len(titles)) or 1) - 1
    row = st.container(horizontal=True, vertical_alignment="bottom")
    row.button(
        "Back",
        key=f"{PAGE}_back",
        shortcut="Left",
        disabled=step == 0,
        on_click=_go_to,
        args=(step - 1,),
    )
    row.segmented_control(
        "Step",
        range(len(titles)),
        required=True,
        format_func=lambda number: f"{number + 1} {titles[number]}",
        key=views.held(PAGE, "step", step),
        on_change=lambda: _go_to(st.session_state[f"{PAGE}_step"]),
        label_visibility="collapsed",
    )
    row.button(
        "Next",
        key=f"{PAGE}_on",
        shortcut="Right",
        disabled=step == len(titles) - 1,
        on_click=_go_to,
        args=(step + 1,),
    )
    return step


def _go_to(step: int) -> None:
    """Show another step, of the same picture."""
    views.put(PAGE, step=str(step + 1))


def ask_picture() -> visit.Chosen | None:
    """Picture of the lesson, or None, having said why there is none."""
    source, _, which = views.query(PAGE).get("picture", "sample").partition(":")
    if source not in _SOURCES:
        source = "sample"
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    row.segmented_control(
        "Take the picture from",
        tuple(_SOURCES),
        required=True,
        format_func=_SOURCES.__getitem__,
        key=views.held(PAGE, "source", source),
        on_change=lambda: views.put(PAGE, picture=st.session_state[f"{PAGE}_source"]),
    )
    choices = {"sample": _sample, "test": _test_picture, "analyze": _opened}
    return choices[source](row, which)


def _sample(row: _Row, which: str) -> visit.Chosen | None:
    """Ask for one of the pictures that come with the app."""
    titles = {entry["file"]: entry["title"] for entry in samples.entries()}
    file = which if which in titles else next(iter(titles))
    row.selectbox(
        "Sample",
        tuple(titles),
        format_func=titles.__getitem__,
        key=views.held(PAGE, "sample", file),
        on_change=lambda: _take("sample"),
        width=280,
    )
    return visit.sample(file)


def _test_picture(row: _Row, which: str) -> visit.Chosen | None:
    """Ask for a picture of the test set by its number."""
    path = bench().dataset.path()
    if path is None:
        components.offer_data_set()
        return None
    try:
        split = bench().dataset.test_split(path)
    except CifakeError as error:
        st.error(str(error))
        return None
    number = int(which) if which.isascii() and which.isdigit() else 0
    number = min(number, len(split.labels) - 1)
    row.number_input(
        f"Test picture, 0 to {len(split.labels) - 1:,}",
        min_value=0,
        max_value=len(split.labels) - 1,
        key=views.held(PAGE, "test", number),
        on_change=lambda: _take("test"),
        width=280,
    )
    return visit.labelled_picture(split, number)


def _opened(_row: _Row, _which: str) -> visit.Chosen | None:
    """Take the picture that is open in Analyze."""
    chosen = visit.current()
    if chosen is None:
        st.info("No picture is open in Analyze. Open one there, or take a sample.")
        st.page_link("pages/analyze.py", label="To Analyze")
    return chosen


def _take(source: str) -> None:
    """Show the picture that was chosen from a source."""
    views.put(PAGE, picture=f"{source}:{st.session_state[f'{PAGE}_{source}']}")


def show_picture(chosen: visit.Chosen, seen: PreparedPicture) -> None:
    """Picture as the networks see it, and say what is known of it."""
    row = st.container(horizontal=True, vertical_alignment="center", gap="medium")
    row.image(
        figures.enlarge(seen.pixels, size=components.MIDDLE),
        width=components.MIDDLE,
        alt=f"{chosen.name} at 32x32 pixels, enlarged in blocks.",
        output_format="PNG",
    )
    truth = "" if chosen.truth is None else f" The truth: {chosen.truth}."
    row.markdown(
        f"**{texts.plain(chosen.name)}**, as the networks see it: 32x32 pixels of red, "
        f"green and blue.{truth}"
    )
