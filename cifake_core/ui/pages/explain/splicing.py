"""Paste a piece of one picture into another, and see whether the maps find it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, get_args

import streamlit as st

from cifake_core import figures
from cifake_core.basics.arrays import SIDE, Rgb, Rgb32, as_rgb32
from cifake_core.basics.labels import LABELS, OBJECT_CLASSES, Label, other
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.records import Explanation
from cifake_core.networks import NETWORKS
from cifake_core.pictures.preprocessing import crop_and_resize
from cifake_core.trust.splicing import (
    SIZES,
    Edge,
    Splice,
    SpliceScore,
    draw_pair,
    paired_classes,
    score_map,
    splice,
)
from cifake_core.ui.browse.explain_address import PAGE
from cifake_core.ui.services import visit
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets.texts import percent, plain
from cifake_core.verdicts.records import Verdict

_KEY: Final = f"{PAGE}_paste"
#: Maps that are there at once, so that they follow the sliders.
_METHODS: Final = tuple(name for name, each in EXPLAINERS.items() if not each.slow)
_EDGES: Final[dict[Edge, str]] = {"hard": "Sharp", "feathered": "Soft"}
_TEST_SET, _SESSION = "Test pictures", "Pictures of this session"
#: Pixels on the screen: of a picture, and of the cell that holds it with its words.
_PICTURE, _CELL = 256, 272
_OPACITY: Final = 0.6
_MAX_PAIR: Final = 9_999


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Pair:
    """Two (32, 32, 3) pictures with their names; `pasted` is what evidence is for."""

    host: Rgb32
    donor: Rgb32
    host_name: str
    donor_name: str
    pasted: Label


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """Where the patch lies, in pixels, and what its edge is like."""

    top: int
    left: int
    size: int
    edge: Edge


def show() -> None:
    """Draw the playground, once a visitor wants it."""
    st.header("Paste a piece of one picture into another", divider="gray")
    st.caption(
        "Where the pasted piece lies is known, so one sees whether the verdict changes "
        "and whether a map finds it."
    )
    if not st.toggle("Try it", key=_KEY, persist_state="session"):
        return
    pair = _ask_pair()
    if pair is None:
        return
    place = _ask_place()
    made = splice(
        pair.host,
        pair.donor,
        top=place.top,
        left=place.left,
        size=place.size,
        edge=place.edge,
    )
    with st.spinner("The networks look at the pictures…"):
        before, after = bench().judge(pair.host), bench().judge(made.pixels)
    _show_pictures(pair, place, made, before=before, after=after)
    _show_maps(made, place, after, label=pair.pasted)


def _ask_pair() -> _Pair | None:
    """Return the two pictures, or None if there are not two to choose from."""
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
            key=f"{_KEY}_source",
        )
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    with row:
        if path is not None and source == _TEST_SET:
            return _ask_test_pair(path)
        return _ask_opened_pair()


def _ask_test_pair(path: Path) -> _Pair:
    """Return a REAL and a FAKE test picture of one kind of object."""
    split = bench().dataset.test_split(path)
    kind = st.selectbox(
        "Both show",
        paired_classes(split),
        format_func=lambda number: OBJECT_CLASSES[number],
        key=f"{_KEY}_class",
        persist_state="session",
        width=180,
    )
    number = st.number_input(
        "Pair",
        min_value=0,
        max_value=_MAX_PAIR,
        key=f"{_KEY}_pair",
        persist_state="session",
        help="The same number gives the same two pictures again.",
        width=160,
    )
    pasted = _ask_label("Pasted is a piece of", name="pasted")
    pair = draw_pair(split, object_class=kind, seed=number)
    host = other(pasted)
    name = OBJECT_CLASSES[kind]
    return _Pair(
        host=as_rgb32(split.images[pair[host]]),
        donor=as_rgb32(split.images[pair[pasted]]),
        host_name=f"{host} {name}, test picture {pair[host]}",
        donor_name=f"{pasted} {name}, test picture {pair[pasted]}",
        pasted=pasted,
    )


def _ask_opened_pair() -> _Pair:
    """Return two of the pictures that are open in Analyze."""
    opened = visit.pictures()
    numbers = range(len(opened))
    host, donor = (
        st.selectbox(
            title,
            numbers,
            index=index,
            format_func=lambda number: opened[number].name,
            key=f"{_KEY}_{name}",
            width=260,
        )
        for index, (name, title) in enumerate(
            (("host", "Paste into"), ("donor", "A piece of"))
        )
    )
    return _Pair(
        host=crop_and_resize(opened[host].picture.pixels),
        donor=crop_and_resize(opened[donor].picture.pixels),
        host_name=opened[host].name,
        donor_name=opened[donor].name,
        pasted=_ask_label("Look for evidence for", name="label"),
    )


def _ask_label(title: str, *, name: str) -> Label:
    """Return FAKE, at first, or REAL."""
    labels: dict[str, Label] = {label: label for label in LABELS}
    chosen = st.segmented_control(
        title,
        LABELS,
        default=LABELS[0],
        required=True,
        key=f"{_KEY}_{name}",
        persist_state="session",
    )
    return labels[chosen]


def _ask_place() -> _Place:
    """Return size, place and edge of the patch; it stays within the picture."""
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    with row:
        size = st.segmented_control(
            "Size in pixels",
            SIZES,
            default=SIZES[1],
            required=True,
            format_func=lambda side: f"{side}x{side}",
            key=f"{_KEY}_size",
            persist_state="session",
        )
        edges: dict[str, Edge] = {edge: edge for edge in get_args(Edge)}
        edge = st.segmented_control(
            "Edge",
            tuple(_EDGES),
            default="hard",
            required=True,
            format_func=lambda name: _EDGES[edges[name]],
            key=f"{_KEY}_edge",
            persist_state="session",
        )
        left, top = (
            st.slider(
                title,
                min_value=0,
                max_value=SIDE - min(SIZES),
                value=(SIDE - SIZES[1]) // 2,
                key=f"{_KEY}_{name}",
                persist_state="session",
                width=240,
            )
            for name, title in (("left", "From the left"), ("top", "From the top"))
        )
    last = SIDE - size
    return _Place(top=min(top, last), left=min(left, last), size=size, edge=edges[edge])


def _show_pictures(
    pair: _Pair, place: _Place, made: Splice, *, before: Verdict, after: Verdict
) -> None:
    """Draw both pictures and what is made of them, with the verdicts."""
    row = st.container(horizontal=True, gap="medium")
    where = (
        f"the dashed square of {place.size}x{place.size} pixels from row {place.top}, "
        f"column {place.left}"
    )
    panels = (
        (pair.donor, f"{pair.donor_name}: {where} is taken from it.", None),
        (pair.host, f"{pair.host_name}: {where} is replaced in it.", before),
        (made.pixels, f"The picture that is made: {where} is pasted.", after),
    )
    titles = (pair.donor_name, pair.host_name, "Pasted together")
    for title, (image, alt, verdict) in zip(titles, panels, strict=True):
        with row.container(width=_CELL):
            _draw(figures.enlarge(image, size=_PICTURE), place, alt=alt)
            st.markdown(f"**{plain(title)}**")
            if verdict is not None:
                st.markdown("  \n".join(_words(verdict)))


def _words(verdict: Verdict) -> list[str]:
    """Return the verdict and what each network says, a line each."""
    return [f"Verdict: **{verdict.decision}**"] + [
        f"{NETWORKS[prediction.network].title}: {prediction.label}, P(FAKE) "
        f"{percent(prediction.p_fake)}"
        for prediction in verdict.predictions.values()
    ]


def _show_maps(made: Splice, place: _Place, verdict: Verdict, *, label: Label) -> None:
    """Draw each network's map for the pasted label, and say how it finds the patch."""
    method = st.segmented_control(
        "Where is the evidence for the pasted piece?",
        _METHODS,
        default=_METHODS[0],
        required=True,
        format_func=lambda name: EXPLAINERS[name].title,
        key=f"{_KEY}_method",
        persist_state="session",
    )
    row = st.container(horizontal=True, gap="medium")
    for network in verdict.predictions:
        with row.container(width=_CELL):
            explanation = bench().explain(
                verdict.prepared, network=network, method=method, label=label
            )
            _show_map(explanation, made, place)
    st.caption(
        "Of a map that knows nothing, the square has the same share of the evidence as "
        "of the area. Only evidence for the label counts."
    )


def _show_map(explanation: Explanation, made: Splice, place: _Place) -> None:
    """Draw one map over the picture, the patch framed, with its figures."""
    title = NETWORKS[explanation.network].title
    found = _found(score_map(explanation.heatmap, made))
    overlay = figures.overlay(made.pixels, explanation, opacity=_OPACITY, size=_PICTURE)
    method = EXPLAINERS[explanation.method].title
    alt = f"{method} of the {title} for {explanation.label}; the patch is framed."
    _draw(overlay, place, alt=f"{alt} {found}")
    st.markdown(f"**{title}**, evidence for {explanation.label}  \n{found}")


def _found(score: SpliceScore) -> str:
    """Return how much of the evidence lies in the patch, against its area."""
    peak = {0.0: "does not lie", 1.0: "lies"}.get(score.maximum_inside, "partly lies")
    return (
        f"{score.share:.0%} of the evidence lies inside the square, which is "
        f"{score.area:.0%} of the area; the map's maximum {peak} inside."
    )


def _draw(picture: Rgb, place: _Place, *, alt: str) -> None:
    """Draw an enlarged picture with the patch framed."""
    shown = figures.framed(picture, top=place.top, left=place.left, size=place.size)
    st.image(shown, width=_PICTURE, alt=alt, output_format="PNG")
