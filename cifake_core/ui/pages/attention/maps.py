"""Mean and spread of the maps of many pictures, and the groups to click."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
import streamlit as st

from cifake_core import figures
from cifake_core.attention.records import Attention, MeanMap, mean_map
from cifake_core.attention.summary import sign_for
from cifake_core.basics.labels import DECISIONS, LABELS, OBJECT_CLASSES, Label
from cifake_core.basics.text import signed
from cifake_core.evaluation.selection import Selection
from cifake_core.ui.browse.attention_address import PAGE, choose, evidence, mark
from cifake_core.ui.widgets import components, computing, thumbnails
from cifake_core.ui.widgets.thumbnails import Cell, Thumbnail

_SIZE: Final = components.LARGE
_ROWS: Final = ("top", "middle", "bottom")
_COLUMNS: Final = ("left", "centre", "right")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Group:
    """Pictures to click: their words, the view that holds them, and their map."""

    words: Sequence[str]
    view: Selection
    found: MeanMap


def of_view(found: Attention, view: Selection) -> MeanMap | None:
    """Map of the pictures that pass the filters of a view, None of none."""
    return mean_map(
        found,
        label=_number(LABELS, view.label),
        object_class=_number(OBJECT_CLASSES, view.object_class),
        called=_number(LABELS, view.called),
        decision=_number(DECISIONS, view.verdict),
        right=view.right,
    )


def _number(names: Sequence[str], name: str | None) -> int | None:
    """Number of a name, None if it is left open."""
    return None if name is None else names.index(name)


def show(found: Attention, selection: Selection) -> None:
    """Mean and spread of the chosen pictures, and the groups they are in."""
    chosen = of_view(found, selection)
    if chosen is None:
        st.info("No picture of the study is like this. Clear a filter.")
    else:
        _show_large(chosen, evidence())
    only = Selection(network="", object_class=selection.object_class)
    groups = {
        "By truth, and what the product decides": [
            replace(only, label=label, verdict=decision)
            for label in LABELS
            for decision in DECISIONS
        ],
        "By truth, and what this network calls them": [
            replace(only, label=label, called=called)
            for label in LABELS
            for called in LABELS
        ],
        "By object class": [
            replace(selection, object_class=name) for name in OBJECT_CLASSES
        ],
    }
    _show_groups(found, groups, selection)


def _show_large(chosen: MeanMap, label: Label) -> None:
    """Mean and spread side by side, with their scales and how to read them."""
    mean = sign_for(label) * chosen.mean
    most, widest = float(np.abs(mean).max()), float(chosen.spread.max())
    row = st.container(horizontal=True, gap="medium")
    with row.container(width=_SIZE):
        st.markdown(f"**Mean evidence for {label}**, n = {chosen.n:,}")
        alt = f"Mean evidence for {label} over {chosen.n:,} pictures: {_extremes(mean)}"
        _picture(mean / (most or 1), signed=True, alt=alt)
        st.caption(f"← {most:.2f} against {label} · {most:.2f} for {label} →")
    with row.container(width=_SIZE):
        st.markdown("**Spread** (standard deviation)")
        where = _extremes(chosen.spread)
        alt = f"Spread of the evidence over {chosen.n:,} pictures: {where}"
        _picture(chosen.spread / (widest or 1), signed=False, alt=alt)
        st.caption(f"← none · {widest:.2f} →")
    wider = int((chosen.spread > np.abs(mean)).sum())
    with row.container(width=_SIZE):
        st.markdown(
            f"Each square is a place of the network's last map (Grad-CAM, before "
            f"anything is cut off) and its share of the logit; all of them add up to "
            f"**{signed(float(mean.sum()))}** on average, but for a constant."
        )
        st.markdown(
            "**An honest reading:** a mean says where evidence for "
            f"{label} lies in general, and nothing of any one picture. At {wider} of "
            f"{mean.size} places pictures differ from each other by more than the mean."
        )
        computing.show_how("attention_maps", key=f"{PAGE}_maps")


def _picture(values: npt.NDArray[np.float64], *, signed: bool, alt: str) -> None:
    """A map in blocks, and the scale of its colours."""
    colors = figures.colorize(values.astype(np.float32), signed=signed)
    size = _SIZE - _SIZE % len(values)
    st.image(
        figures.enlarge(colors, size=size), width=_SIZE, alt=alt, output_format="PNG"
    )
    bar = "purple over white to green" if signed else "dark to bright"
    st.image(
        figures.colorbar(signed=signed), width=_SIZE, alt=f"Its colours, from {bar}."
    )


def _show_groups(
    found: Attention, groups: Mapping[str, Sequence[Selection]], selection: Selection
) -> None:
    """Small mean maps on one scale of colours; a click chooses the pictures."""
    label = evidence()
    held = {
        title: [
            _Group(words=_words(view, title), view=view, found=chosen)
            for view in views
            if (chosen := of_view(found, view)) is not None
        ]
        for title, views in groups.items()
    }
    most = max(
        (np.abs(each.found.mean).max() for row in held.values() for each in row),
        default=1.0,
    )
    st.caption(
        "Click a map to see its pictures, again to see all. One scale for all of them: "
        f"full green is {most:.2f} for {label}, full purple as much against it."
    )
    for number, (title, row) in enumerate(held.items()):
        st.markdown(f"**{title}**")
        thumbnails.show_grid(
            [_cell(place, each, most, selection) for place, each in enumerate(row)],
            key=f"{PAGE}_maps_{number}",
            on_open=partial(_open, [mark(each.view) for each in row]),
        )


def _open(marks: Sequence[str], number: int) -> None:
    """Show the pictures of the group that was clicked."""
    choose(marks[number])


def _words(view: Selection, title: str) -> tuple[str, ...]:
    """Words for a group."""
    if title == "By object class":
        return (str(view.object_class),)
    said = f"called {view.called}" if view.called else f"decided {view.verdict}"
    return (f"is {view.label}, {said}",)


def _cell(place: int, group: _Group, most: float, selection: Selection) -> Cell:
    """One group: its mean map, what it is, how many pictures, and their sum."""
    label = evidence()
    mean = sign_for(label) * group.found.mean
    colors = figures.colorize((mean / (most or 1)).astype(np.float32), signed=True)
    total = signed(float(mean.sum()))
    chosen = mark(group.view) == mark(selection)
    lines = (
        *(f"{'▸ ' if chosen else ''}{each}" for each in group.words),
        f"n = {group.found.n:,}",
        f"sum {total}",
    )
    alt = (
        f"Mean evidence for {label}, {', '.join(group.words)}, {group.found.n:,} "
        f"pictures, sum {total}: {_extremes(mean)}"
    )
    return Cell(number=place, pictures=[Thumbnail(image=colors, alt=alt, lines=lines)])


def _extremes(values: npt.NDArray[np.float64]) -> str:
    """Words for where a map is highest and lowest, and how much it is there."""
    highest, lowest = (
        f"{signed(float(values.flat[place]))} at the {_place(int(place), values.shape)}"
        for place in (values.argmax(), values.argmin())
    )
    return f"most {highest}, least {lowest}."


def _place(index: int, shape: tuple[int, ...]) -> str:
    """Words for a place: "top left"."""
    row, column = divmod(index, shape[1])
    words = _ROWS[row * 3 // shape[0]], _COLUMNS[column * 3 // shape[1]]
    return "centre" if words == ("middle", "centre") else " ".join(words)
