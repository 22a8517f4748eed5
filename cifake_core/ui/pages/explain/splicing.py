"""Paste a piece of one picture into another, and see whether the maps find it."""

from typing import Final

import streamlit as st

from cifake_core import figures
from cifake_core.basics.arrays import Rgb
from cifake_core.basics.labels import Label
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.records import Explanation
from cifake_core.networks import NETWORKS
from cifake_core.trust.splicing import (
    Splice,
    SpliceScore,
    score_map,
    splice,
)
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import scope_lines, slow_work
from cifake_core.ui.widgets.computing import show_how
from cifake_core.ui.widgets.splice_controls import KEY, Pair, Place, ask_pair, ask_place
from cifake_core.ui.widgets.texts import percent, plain
from cifake_core.verdicts.records import Verdict

#: Maps that are there at once, so that they follow the sliders.
_METHODS: Final = tuple(name for name, each in EXPLAINERS.items() if not each.slow)
#: Pixels on the screen: of a picture, and of the cell that holds it with its words.
_PICTURE, _CELL = 256, 272
_OPACITY: Final = 0.6


def show() -> None:
    """Playground, once a visitor wants it."""
    st.header("Paste a piece of one picture into another", divider="gray")
    st.caption(
        "Where the pasted piece lies is known, so one sees whether the verdict changes "
        "and whether a map finds it."
    )
    if not st.toggle("Try it", key=KEY, persist_state="session"):
        return
    pair = ask_pair()
    if pair is None:
        return
    place = ask_place()
    made = splice(
        pair.host,
        pair.donor,
        top=place.top,
        left=place.left,
        size=place.size,
        edge=place.edge,
    )
    with slow_work.waiting("The networks look at the pictures…", height=320):
        before, after = bench().judge(pair.host), bench().judge(made.pixels)
    _show_pictures(pair, place, made, before=before, after=after)
    _show_maps(made, place, after, label=pair.pasted)


def _show_pictures(
    pair: Pair, place: Place, made: Splice, *, before: Verdict, after: Verdict
) -> None:
    """Both pictures and what is made of them, with the verdicts."""
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
    scope_lines.show(before.scope)
    scope_lines.show_networks(before.predictions)


def _words(verdict: Verdict) -> list[str]:
    """Verdict and what each network says, a line each."""
    return [f"**{verdict.short_headline}**"] + [
        f"{NETWORKS[prediction.network].title}: {prediction.label}, P(FAKE) "
        f"{percent(prediction.p_fake)}"
        for prediction in verdict.predictions.values()
    ]


def _show_maps(made: Splice, place: Place, verdict: Verdict, *, label: Label) -> None:
    """Each network's map for the pasted label, and say how it finds the patch."""
    method = st.segmented_control(
        "Where is the evidence for the pasted piece?",
        _METHODS,
        default=_METHODS[0],
        required=True,
        format_func=lambda name: EXPLAINERS[name].title,
        key=f"{KEY}_method",
        persist_state="session",
    )
    row = st.container(horizontal=True, gap="medium")
    for network in verdict.predictions:
        with row.container(width=_CELL):
            explanation = bench().explain(
                verdict.prepared, network=network, method=method, label=label
            )
            _show_map(explanation, made, place)
    with st.container(horizontal=True):
        show_how(method, key=f"{KEY}_map")
        show_how("splice", key=f"{KEY}_found")
    st.caption(
        "Of a map that knows nothing, the square has the same share of the evidence as "
        "of the area. Only evidence for the label counts."
    )


def _show_map(explanation: Explanation, made: Splice, place: Place) -> None:
    """One map over the picture, the patch framed, with its figures."""
    title = NETWORKS[explanation.network].title
    found = _found(score_map(explanation.heatmap, made))
    overlay = figures.overlay(made.pixels, explanation, opacity=_OPACITY, size=_PICTURE)
    method = EXPLAINERS[explanation.method].title
    alt = f"{method} of the {title} for {explanation.label}; the patch is framed."
    _draw(overlay, place, alt=f"{alt} {found}")
    st.markdown(f"**{title}**, evidence for {explanation.label}  \n{found}")


def _found(score: SpliceScore) -> str:
    """Sentence on how much of the evidence lies in the patch."""
    peak = {0.0: "does not lie", 1.0: "lies"}.get(score.maximum_inside, "partly lies")
    return (
        f"{score.share:.0%} of the evidence lies inside the square, which is "
        f"{score.area:.0%} of the area; the map's maximum {peak} inside."
    )


def _draw(picture: Rgb, place: Place, *, alt: str) -> None:
    """Enlarged picture with the patch framed."""
    shown = figures.framed(picture, top=place.top, left=place.left, size=place.size)
    st.image(shown, width=_PICTURE, alt=alt, output_format="PNG")
