"""Controls of a view of the test set, which several pages share."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import streamlit as st

from cifake_core.basics.labels import DECISIONS, LABELS, OBJECT_CLASSES
from cifake_core.evaluation.selection import Selection
from cifake_core.networks import NETWORKS
from cifake_core.ui.browse import views
from cifake_core.ui.browse.chart_filters import mark
from cifake_core.ui.services.bench import bench

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


def ask_network(
    page: str,
    network: str,
    row: st.delta_generator.DeltaGenerator,
    *,
    on_change: Callable[[], None] | None = None,
) -> None:
    """Ask for the network of a view.

    Args:
        page: whose address holds the view.
        network: the one that it has.
        row: where the list is drawn.
        on_change: puts another into the address; by default into the view alone.
    """
    row.selectbox(
        "Network",
        bench().all_names(),
        format_func=lambda name: NETWORKS[name].title,
        key=views.held(page, "network", network),
        on_change=on_change or views.moved(page, "network"),
        width=320,
    )


def ask_filters(
    page: str,
    selection: Selection,
    names: Sequence[str],
    *,
    generators: Sequence[str] = (),
) -> None:
    """Ask which pictures to show, by these fields of the view.

    What a click chose stands here too.

    Args:
        page: whose address holds the view.
        selection: the view.
        names: of the fields.
        generators: whose fakes can be shown alone, in a data set of one's own.
    """
    choices = {name: _CHOICES[name] for name in _CHOICES if name in names}
    if generators:
        choices["generator"] = ("Generator", {name: name for name in generators})
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    for name, (title, words) in choices.items():
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
