"""Controls of the splice: two pictures, and where a piece goes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, get_args

import streamlit as st

from cifake_core.basics.arrays import SIDE, Rgb32, as_rgb32
from cifake_core.basics.labels import LABELS, OBJECT_CLASSES, Label, other
from cifake_core.pictures.preprocessing import crop_and_resize
from cifake_core.trust.splicing import (
    SIZES,
    Edge,
    draw_pair,
    paired_classes,
)
from cifake_core.ui.browse.explain_address import PAGE
from cifake_core.ui.services import visit
from cifake_core.ui.services.bench import bench

_TEST_SET: Final = "Test pictures"
_SESSION: Final = "Pictures of this session"
KEY: Final = f"{PAGE}_paste"


_EDGES: Final[dict[Edge, str]] = {"hard": "Sharp", "feathered": "Soft"}


_MAX_PAIR: Final = 9_999


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Pair:
    """Two (32, 32, 3) pictures with their names; `pasted` is what evidence is for."""

    host: Rgb32
    donor: Rgb32
    host_name: str
    donor_name: str
    pasted: Label


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where the patch lies, in pixels, and what its edge is like."""

    top: int
    left: int
    size: int
    edge: Edge


def ask_pair() -> Pair | None:
    """Two pictures, or None if there are not two to choose from."""
    path = bench().dataset.path()
    sources = [_TEST_SET] if path is not None else []
    sources += [_SESSION] if len(visit.pictures()) > 1 else []
    if not sources:
        st.info(
            "This needs the CIFAKE pictures, which the page Test set offers to get, or "
            "two pictures opened together in Analyze."
        )
        return None
    source = sources[0]
    if len(sources) > 1:
        source = st.segmented_control(
            "Two pictures from",
            sources,
            default=source,
            required=True,
            key=f"{KEY}_source",
        )
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    with row:
        if path is not None and source == _TEST_SET:
            return _ask_test_pair(path)
        return _ask_opened_pair()


def _ask_test_pair(path: Path) -> Pair:
    """A REAL and a FAKE test picture of one kind of object."""
    split = bench().dataset.test_split(path)
    kind = st.selectbox(
        "Both show",
        paired_classes(split),
        format_func=lambda number: OBJECT_CLASSES[number],
        key=f"{KEY}_class",
        persist_state="session",
        width=180,
    )
    number = st.number_input(
        "Pair",
        min_value=0,
        max_value=_MAX_PAIR,
        key=f"{KEY}_pair",
        persist_state="session",
        help="The same number gives the same two pictures again.",
        width=160,
    )
    pasted = _ask_label("Pasted is a piece of", name="pasted")
    pair = draw_pair(split, object_class=kind, seed=number)
    host = other(pasted)
    name = OBJECT_CLASSES[kind]
    return Pair(
        host=as_rgb32(split.images[pair[host]]),
        donor=as_rgb32(split.images[pair[pasted]]),
        host_name=f"{host} {name}, test picture {pair[host]}",
        donor_name=f"{pasted} {name}, test picture {pair[pasted]}",
        pasted=pasted,
    )


def _ask_opened_pair() -> Pair:
    """Two of the pictures that are open in Analyze."""
    opened = visit.pictures()
    numbers = range(len(opened))
    host, donor = (
        st.selectbox(
            title,
            numbers,
            index=index,
            format_func=lambda number: opened[number].name,
            key=f"{KEY}_{name}",
            width=260,
        )
        for index, (name, title) in enumerate(
            (("host", "Paste into"), ("donor", "A piece of"))
        )
    )
    return Pair(
        host=crop_and_resize(opened[host].picture.pixels),
        donor=crop_and_resize(opened[donor].picture.pixels),
        host_name=opened[host].name,
        donor_name=opened[donor].name,
        pasted=_ask_label("Look for evidence for", name="label"),
    )


def _ask_label(title: str, *, name: str) -> Label:
    """FAKE, at first, or REAL."""
    labels: dict[str, Label] = {label: label for label in LABELS}
    chosen = st.segmented_control(
        title,
        LABELS,
        default=LABELS[0],
        required=True,
        key=f"{KEY}_{name}",
        persist_state="session",
    )
    return labels[chosen]


def ask_place() -> Place:
    """Size, place and edge of the patch; it stays within the picture."""
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    with row:
        size = st.segmented_control(
            "Size in pixels",
            SIZES,
            default=SIZES[1],
            required=True,
            format_func=lambda side: f"{side}x{side}",
            key=f"{KEY}_size",
            persist_state="session",
        )
        edges: dict[str, Edge] = {edge: edge for edge in get_args(Edge)}
        edge = st.segmented_control(
            "Edge",
            tuple(_EDGES),
            default="hard",
            required=True,
            format_func=lambda name: _EDGES[edges[name]],
            key=f"{KEY}_edge",
            persist_state="session",
        )
        left, top = (
            st.slider(
                title,
                min_value=0,
                max_value=SIDE - min(SIZES),
                value=(SIDE - SIZES[1]) // 2,
                key=f"{KEY}_{name}",
                persist_state="session",
                width=240,
            )
            for name, title in (("left", "From the left"), ("top", "From the top"))
        )
    last = SIDE - size
    return Place(top=min(top, last), left=min(left, last), size=size, edge=edges[edge])
