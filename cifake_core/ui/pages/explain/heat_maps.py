"""One map of the *Explain* page: picture, map, overlay, curves, and what they prove."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cifake_core import figures
from cifake_core.basics.text import signed
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.records import Explanation
from cifake_core.explain.replacements import PIXEL_REPLACEMENTS
from cifake_core.pictures.records import PreparedPicture
from cifake_core.reports.findings import MapFinding
from cifake_core.trust.measure import Trust, TrustWord, by_replacement
from cifake_core.ui.browse.explain_address import PAGE
from cifake_core.ui.browse.explained_map import Side
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import components, slow_work
from cifake_core.ui.widgets.computing import show_chart, show_how

#: Pixels on the screen: of a picture, and of the chart beside three of them.
_MAP: Final = 224
_CHART: Final = 432
_OPACITY: Final = 0.6
_ICONS: Final[Mapping[TrustWord, str]] = {
    "faithful": ":material/check_circle:",
    "weak": ":material/help:",
    "no better than chance": ":material/cancel:",
}
_MEANINGS: Final[Mapping[TrustWord, str]] = {
    "faithful": "The score hangs on the places that this map names.",
    "weak": "The places that this map names count a little more than random ones.",
    "no better than chance": "Do not rely on this map: random places do as well.",
}


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Shown:
    """A map that is drawn, and the places for what is found out about it."""

    side: Side
    explanation: Explanation
    beside: DeltaGenerator
    below: DeltaGenerator


def show_all(
    picture: PreparedPicture,
    sides: Sequence[Side],
    places: Sequence[DeltaGenerator],
    *,
    replacement: str,
) -> tuple[MapFinding, ...]:
    """Every map that is asked for, in its place, and then what proves each.

    Args:
        picture: as the networks saw it.
        sides: which maps.
        places: where each is drawn.
        replacement: what the curves are drawn with.
    """
    shown = []
    for number, (place, side) in enumerate(zip(places, sides, strict=True)):
        with place:
            shown.append(show(picture, side, number=number))
    return tuple(  # after all are drawn, as it takes longer
        test(picture, each, number=number, replacement=replacement)
        for number, each in enumerate(shown)
        if each is not None
    )


def show(picture: PreparedPicture, side: Side, *, number: int) -> Shown | None:
    """One map; return it, or None while stopped.

    Args:
        picture: as the networks saw it.
        side: which map.
        number: of the map on the page.
    """
    st.subheader(side.title)
    explanation = slow_work.run(
        f"{PAGE}_map_{number}",
        _task(picture, side),
        f"Computing {EXPLAINERS[side.method].title}",
        lambda progress: bench().explain(
            picture,
            network=side.network,
            method=side.method,
            label=side.label,
            settings=side.settings,
            progress=progress,
        ),
        height=_MAP,
    )
    if explanation is None:
        return None
    row = st.container(horizontal=True, gap="small")
    _show_pictures(row, picture, explanation, side, number=number)
    return Shown(
        side=side,
        explanation=explanation,
        beside=row.container(width=_CHART),
        below=st.container(),
    )


def test(
    picture: PreparedPicture, shown: Shown, *, number: int, replacement: str
) -> MapFinding:
    """Trust test of a map, with both as a file.

    Args:
        picture: as the networks saw it.
        shown: the map.
        number: of the map on the page.
        replacement: what the curves are drawn with.
    """
    side, explanation = shown.side, shown.explanation
    with shown.beside:
        trust = slow_work.run(
            f"{PAGE}_trust_{number}",
            _task(picture, side),
            "Testing the map",
            lambda progress: bench().trust(picture, explanation, progress=progress),
            height=_MAP,
        )
        if trust is not None:
            _show_curves(trust, number=number, replacement=replacement)
    with shown.below:
        _offer_download(picture, explanation, side, trust)
    return MapFinding(explanation=explanation, trust=trust)


def explain_curves() -> None:
    """Say how to read the curves."""
    st.caption(
        "The curves: pixels are taken from the picture, or put back into what is left "
        "of it, those first that speak most for the label on the map. If the map is "
        "right, the score falls at once on the left and rises at once on the right. "
        "The thin lines are the same map turned over and moved, so that it names "
        "random places; the map is called faithful, weak or no better than chance by "
        "the area between its curves and theirs."
    )


def _task(picture: PreparedPicture, side: Side) -> Hashable:
    """Key of what is stopped together: one map of one picture."""
    return picture.sha256, side.title, tuple(side.settings.items())


def _show_pictures(
    row: DeltaGenerator,
    picture: PreparedPicture,
    explanation: Explanation,
    side: Side,
    *,
    number: int,
) -> None:
    """Picture, its map with a legend, and both together."""
    method = EXPLAINERS[side.method]
    panels = {
        "The picture, as the networks see it": (
            figures.enlarge(picture.pixels, size=_MAP),
            "The picture as the networks see it: 32x32 pixels, enlarged in blocks.",
        ),
        "The map": (
            figures.map_picture(explanation, size=_MAP),
            f"Map: {side.title}. {method.shows}",
        ),
        "The map over the picture": (
            figures.overlay(picture.pixels, explanation, opacity=_OPACITY, size=_MAP),
            f"{side.title}, laid over the picture.",
        ),
    }
    for words, (pixels, alt) in panels.items():
        with row.container(width=_MAP):
            st.image(pixels, width=_MAP, alt=alt, output_format="PNG")
            st.markdown(words)
            if words == "The map":
                components.show_legend(explanation)
                st.caption(method.shows, help=components.FULL_COLOUR)
                show_how(side.method, key=f"{PAGE}_map_{number}")
            if words == "The map over the picture" and not explanation.heatmap.any():
                st.info(f"Nothing in this picture speaks for {side.label} here.")


def _show_curves(trust: Trust, *, number: int, replacement: str) -> None:
    """Curves of a map, and the word that follows from them."""
    st.markdown(f"#### {_ICONS[trust.word]} {trust.word.capitalize()}")
    parts = {
        PIXEL_REPLACEMENTS[name].title.lower(): part.score
        for name, part in by_replacement(trust).items()
    }
    each = ", ".join(f"{title} {signed(score)}" for title, score in parts.items())
    num_random = len(trust.leads) - 1
    st.markdown(
        f"{_MEANINGS[trust.word]} It beats {trust.beaten * num_random:g} of "
        f"{num_random} random maps."
    )
    curves = trust.curves[replacement]
    gone, come = curves.deletion_auc, curves.insertion_auc
    behind = PIXEL_REPLACEMENTS[replacement].title.lower()
    show_chart(
        "trust_figure",
        figures.trust_figure(trust, replacement=replacement),
        key=f"{PAGE}_curves_{number}",
        alt=f"Curves of the score for {trust.label}, with the "
        f"{behind} behind. Mean score as pixels are "
        f"taken away {signed(gone[0])}, in random places {signed(gone[1:].mean())}; "
        f"as they are put back {signed(come[0])}, in random places "
        f"{signed(come[1:].mean())}.",
    )
    st.caption(
        f"Area between the curves and chance {signed(trust.score)} ({each}), spread of "
        f"chance {trust.spread:.2f}"
    )


def _offer_download(
    picture: PreparedPicture, explanation: Explanation, side: Side, trust: Trust | None
) -> None:
    """Offer picture, map and overlay as one PNG."""
    word = "not tested" if trust is None else trust.word
    weights, seed = explanation.model_sha256[:12], explanation.seed
    lines = (side.title, f"Trust: {word}. Weights {weights}, seed {seed}.")
    name = f"{side.method}-{side.network}-{side.label}"
    pixels = picture.pixels
    st.download_button(
        "Download picture, map and overlay as PNG",
        lambda: figures.png_bytes(figures.sheet(pixels, explanation, lines=lines)),
        file_name=f"{name}.png",
        mime="image/png",
        key=f"{PAGE}_download_{name}",
        icon=":material/download:",
        on_click="ignore",
    )
