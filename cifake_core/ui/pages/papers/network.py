"""One of the papers' networks, opened: claims, layers, figures, and a try."""

from typing import Final

import streamlit as st

from cifake_core.basics.errors import CifakeError
from cifake_core.networks import PAPERS
from cifake_core.papers.claims import CLAIMS, SYSTEMS
from cifake_core.papers.leaderboard import LeaderboardEntry
from cifake_core.ui.services import visit
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import (
    components,
    network_card,
    picture_sources,
    slow_work,
    texts,
    verdict_view,
)

_OPACITY: Final = 0.6
_MEASURES: Final = {"precision": "precision", "recall": "recall", "f1": "F1"}


def show(name: str, entry: LeaderboardEntry) -> None:
    """Everything on one network."""
    spec = PAPERS[name]
    st.header(spec.title, divider="gray")
    st.markdown(spec.summary)
    _show_claims(name)
    st.subheader("Its layers")
    _show_layers(name)
    if entry.accuracy is not None:
        st.subheader("How it did here")
        try:
            network_card.show_figures(
                bench().card(name), bench().evaluation.history(name)
            )
        except CifakeError as error:
            st.error(str(error))
    st.subheader("Try it")
    _try(name)


def _show_claims(name: str) -> None:
    """Say what is claimed of the network, and what had to be assumed."""
    sentences = []
    for claim in CLAIMS:
        if claim.network == name:
            system = SYSTEMS[claim.system]
            figures = [f"accuracy {texts.claimed(claim)}"] + [
                f"{word} {value:g}"
                for measure, word in _MEASURES.items()
                if (value := getattr(claim, measure)) is not None
            ]
            sentences.append(
                f"**Claimed** by {system.title}, {claim.name}: {', '.join(figures)}. "
                f"{claim.note} *{system.source}.*"
            )
            sentences.append(f"**What differs here.** {claim.differs}")
    sentences.append(f"**Assumed:** {'; '.join(PAPERS[name].assumed)}")
    st.markdown("\n".join(f"- {each}" for each in dict.fromkeys(sentences)))


def _show_layers(name: str) -> None:
    """Layers as a table whose bars say where the work and the weights are."""
    try:
        layers = bench().papers.layers(name)
    except CifakeError as error:
        st.info(str(error))
        return
    work = sum(layer.multiply_adds for layer in layers)
    weights = sum(layer.parameters for layer in layers)
    share = st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)
    st.dataframe(
        [
            {
                "Layer": layer.name,
                "What it does": layer.does,
                "Gives": " x ".join(map(str, layer.output)),
                "Parameters": f"{layer.parameters:,}",
                "Of all parameters": layer.parameters / weights,
                "Multiply-adds": f"{layer.multiply_adds:,}",
                "Of all work": layer.multiply_adds / work,
            }
            for layer in layers
        ],
        column_config={"Of all parameters": share, "Of all work": share},
        hide_index=True,
        height="content",
        alt="Layers from the picture to the score: "
        + "; ".join(
            f"{layer.does}, {layer.parameters:,} parameters" for layer in layers
        )
        + ".",
    )
    st.caption(
        f"{len(layers)} layers, {weights:,} parameters, {work:,} multiply-adds a "
        "picture."
    )


def _try(name: str) -> None:
    """Let the network look at the current picture, beside our own."""
    if name not in bench().all_names():
        st.info(
            "Its weights are not here. `python -m cifake_core reproduce "
            f"{name}` makes them."
        )
        return
    chosen = visit.current()
    with st.expander("Give a picture", expanded=chosen is None):
        picture_sources.ask_for_pictures()
    if chosen is None:
        return
    try:
        with slow_work.waiting("The networks look at the picture…", height=320):
            verdict = bench().judge(chosen.picture.pixels, networks=(name,))
        st.markdown(f"**{texts.plain(chosen.name)}**")
        verdict_view.show_predictions(verdict.predictions)
        seen, label = verdict.prepared, verdict.predictions[name].label
        with slow_work.waiting("Computing Grad-CAM…", height=320):
            found = bench().explain(seen, network=name, method="gradcam", label=label)
        row = st.container(horizontal=True, gap="medium")
        with row.container(width=components.SMALL):
            components.show_thumbnail(seen.pixels, alt=f"{chosen.name}, 32x32 pixels.")
        with row.container(width=components.LARGE):
            components.show_overlay(seen.pixels, found, opacity=_OPACITY)
    except CifakeError as error:
        st.error(str(error))
