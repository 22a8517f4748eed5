"""The controls of the heat maps, and the maps they ask for."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from cifake_core.basics.labels import LABELS, Label
from cifake_core.basics.progress import ProgressCallback
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.records import Explanation
from cifake_core.networks import NETWORKS
from cifake_core.pictures.records import PreparedPicture
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import components, slow_work
from cifake_core.verdicts.records import Verdict

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

#: Whose evidence is shown unless a network is named.
_WHO = "Who decided"
#: What the evidence can be for; the first stands for the label the network gave.
_QUESTIONS = ("Its verdict", *LABELS)
_METHODS_HELP = "\n".join(
    f"- **{method.title}**{' (about a second)' if method.slow else ''}: {method.shows}"
    for method in EXPLAINERS.values()
)


@dataclass(frozen=True, kw_only=True, slots=True)
class OverlayChoice:
    """What the visitor wants explained and how strongly it covers the picture.

    `planes` names the network that is asked what each channel added, if any is.
    """

    network: str
    label: Label
    opacity: float
    methods: tuple[str, ...]
    planes: str | None


def ask(verdict: Verdict) -> OverlayChoice:
    """Maps of this picture that a visitor wants, for which network and label."""
    network, label, opacity = _ask_look(verdict)
    wanted = st.pills(
        "Maps",
        tuple(EXPLAINERS),
        selection_mode="multi",
        default="gradcam",
        format_func=lambda name: EXPLAINERS[name].title,
        help=_METHODS_HELP,
        key="analyze_methods",
        persist_state="session",
    )
    return OverlayChoice(
        network=network,
        label=label,
        opacity=opacity,
        planes=_ask_planes(verdict, label),
        methods=tuple(method for method in EXPLAINERS if method in wanted),
    )


def _ask_look(verdict: Verdict) -> tuple[str, Label, float]:
    """Network and label to explain, and the opacity of the maps."""
    named = st.segmented_control(
        "Network to explain",
        (_WHO, *verdict.predictions),
        default=_WHO,
        required=True,
        format_func=lambda name: name if name == _WHO else NETWORKS[name].title,
        help=f"{_WHO}: the first network that says what the verdict says.",
        key="analyze_network",
        persist_state="session",
    )
    question = st.segmented_control(
        "Evidence for",
        _QUESTIONS,
        default=_QUESTIONS[0],
        required=True,
        key="analyze_label",
        persist_state="session",
    )
    opacity = st.slider(
        "Opacity of the map",
        min_value=0.0,
        max_value=1.0,
        value=0.6,
        step=0.05,
        width=200,
        key="analyze_opacity",
        persist_state="session",
    )
    network = named if named in verdict.predictions else verdict.speaker
    labels: dict[str, Label] = {label: label for label in LABELS}
    own = verdict.predictions[network].label
    return network, labels.get(question, own), opacity


def _ask_planes(verdict: Verdict, label: Label) -> str | None:
    """Network on the planes that is asked what each channel added, or None."""
    on_planes = [n for n in verdict.predictions if NETWORKS[n].input_kind == "planes"]
    if on_planes and st.toggle(
        f"What each channel added for {label} "
        f"({NETWORKS[on_planes[0]].title}, gradient x input)",
        key="analyze_planes",
        persist_state="session",
    ):
        return on_planes[0]
    return None


def show_first(
    verdict: Verdict, choice: OverlayChoice, controls: "DeltaGenerator"
) -> None:
    """The first chosen map; what there is to say of it joins its controls."""
    if not choice.methods:
        st.caption("Choose a map below to see where the evidence lies.")
        return
    pixels = verdict.prepared.pixels
    explanation = _found(verdict, choice, choice.methods[0])
    if explanation is not None:
        components.show_map(
            pixels, explanation, opacity=choice.opacity, size=components.TILE
        )
        with controls:
            components.explain_map(explanation)
            components.offer_map(pixels, explanation, opacity=choice.opacity)


def show_further(verdict: Verdict, choice: OverlayChoice) -> None:
    """The other chosen maps beside each other."""
    row = st.container(horizontal=True, gap="medium")
    for method in choice.methods[1:]:
        with row.container(width=components.LARGE):
            explanation = _found(verdict, choice, method)
            if explanation is not None:
                components.show_overlay(
                    verdict.prepared.pixels, explanation, opacity=choice.opacity
                )


def _found(verdict: Verdict, choice: OverlayChoice, method: str) -> Explanation | None:
    """One map, with a bar while it takes long; None while a visitor has stopped it."""
    seen = verdict.prepared
    return slow_work.run(
        f"analyze_{method}",
        (seen.sha256, choice.network, choice.label),
        f"Computing {EXPLAINERS[method].title}",
        partial(_explain, seen, choice.network, method=method, label=choice.label),
        height=components.TILE,
    )


def _explain(
    picture: PreparedPicture,
    network: str,
    progress: ProgressCallback,
    *,
    method: str,
    label: Label,
) -> Explanation:
    """One map, and tell how far it is."""
    return bench().explain(
        picture, network=network, method=method, label=label, progress=progress
    )
