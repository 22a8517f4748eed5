"""Controls of a view of the test set, which several pages share."""

from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st

from cifake_core.basics.labels import DECISIONS, LABELS, OBJECT_CLASSES
from cifake_core.evaluation.selection import Selection
from cifake_core.ui.browse import views
from cifake_core.ui.browse.chart_filters import (
    mark,
)

_SETS: Final = {False: "Official", True: "Leak-free"}


_RIGHT: Final[dict[object, str]] = {True: "right", False: "wrong"}


_COPIES: Final[dict[object, str]] = {
    "in_training": "also in training",
    "repeats": "second copies",
}
#: Fields of a view that have few values, with their titles and words.
_CHOICES: Final[Mapping[str, tuple[str, Mapping[object, str]]]] = {
    "object_class": ("Object", {name: name for name in OBJECT_CLASSES}),
    "label": ("Truth", {label: label for label in LABELS}),
    "called": ("Called", {label: label for label in LABELS}),
    "right": ("Answer", _RIGHT),
    "verdict": ("Verdict", {decision: decision for decision in DECISIONS}),
    "copies": ("Copies", _COPIES),
}
#: Fields of a view that are ranges.
_RANGES: Final = {"p_real": "P(REAL)", "confidence": "Confidence"}


def ask_set(
    page: str, selection: Selection, row: st.delta_generator.DeltaGenerator
) -> None:
    """Ask whether leaked pictures count."""
    row.segmented_control(
        "Test set",
        tuple(_SETS),
        required=True,
        format_func=lambda leak_free: _SETS[leak_free],
        key=views.held(page, "leak_free", selection.leak_free),
        on_change=views.moved(page, "leak_free"),
        help="The official test set holds pictures that also stand in the training "
        "set, and some twice. The leak-free one is without them.",
    )


def ask_filters(page: str, selection: Selection, names: Sequence[str]) -> None:
    """Ask which pictures to show, by these fields of the view.

    What a click chose stands here too.
    """
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    for name in (each for each in _CHOICES if each in names):
        title, words = _CHOICES[name]
        row.selectbox(
            title,
            tuple(words),
            placeholder="any",
            format_func=words.__getitem__,
            key=views.held(page, name, getattr(selection, name)),
            on_change=views.moved(page, name),
            width=150,
        )
    for name in (each for each in _RANGES if each in names):
        row.slider(
            _RANGES[name],
            min_value=0.0,
            max_value=1.0,
            step=0.01,
            key=views.held(page, name, getattr(selection, name)),
            on_change=views.moved(page, name),
            width=200,
        )
    row.button(
        "Clear filters",
        key=f"{page}_clear",
        icon=":material/filter_alt_off:",
        disabled=not mark(selection),
        on_click=lambda: views.choose(page, mark(selection)),
    )
