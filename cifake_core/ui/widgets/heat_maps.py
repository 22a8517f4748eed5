"""The controls of the heat maps, and the maps they ask for."""

from dataclasses import dataclass
from functools import partial

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

#: What the evidence can be for; the first stands for the label the network gave.
_QUESTIONS = ("Its verdict", *LABELS)
_METHODS_HELP = "\n".join(
    f"- **{method.title}**{' (about a second)' if method.slow else ''}: {method.shows}"
    for method in EXPLAINERS.values()
)


@dataclass(frozen=True, kw_only=True, slots=True)
class OverlayChoice:
    """What the visitor wants explained and how strongly it covers the picture."""

    network: str
    label: Label
    opacity: float
    methods: tuple[str, ...]


def ask(verdict: Verdict) -> OverlayChoice:
    """Maps of this picture that a visitor wants, for which network and label."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
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
        methods=tuple(method for method in EXPLAINERS if method in wanted),
    )


def _ask_look(verdict: Verdict) -> tuple[str, Label, float]:
    """Network and label to explain, and the opacity of the maps."""
    networks = tuple(verdict.predictions)
    network = st.segmented_control(
        "Network to explain",
        networks,
        default=networks[0],
        required=True,
        format_func=lambda name: NETWORKS[name].title,
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
    labels: dict[str, Label] = {label: label for label in LABELS}
    own = verdict.predictions[network].label
    return network, labels.get(question, own), opacity


def show(verdict: Verdict, choice: OverlayChoice) -> None:
    """Chosen maps beside each other."""
    seen = verdict.prepared
    row = st.container(horizontal=True, gap="medium")
    for method in choice.methods:
        with row.container(width=components.LARGE):
            explanation = slow_work.run(
                f"analyze_{method}",
                (seen.sha256, choice.network, choice.label),
                f"Computing {EXPLAINERS[method].title}",
                partial(
                    _explain, seen, choice.network, method=method, label=choice.label
                ),
            )
            if explanation is not None:
                components.show_overlay(
                    seen.pixels, explanation, opacity=choice.opacity
                )
    if not choice.methods:
        st.caption("Choose a map above to see where the evidence lies.")


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


def show_channels(verdict: Verdict, choice: OverlayChoice) -> None:
    """Six channels, with each one's share in the 3D-CNN's score."""
    maps = None
    on_planes = [n for n in verdict.predictions if NETWORKS[n].input_kind == "planes"]
    if on_planes and st.toggle(
        f"What each channel added for {choice.label} "
        f"({NETWORKS[on_planes[0]].title}, gradient x input)",
        key="analyze_planes",
        persist_state="session",
    ):
        maps = bench().explain(
            verdict.prepared,
            network=on_planes[0],
            method="gradient_input",
            label=choice.label,
        )
    components.show_channels(verdict.prepared.planes, maps)
