"""Fourth and fifth step of the lesson: how two kinds of heat map are made."""

from typing import Final

import numpy as np
import numpy.typing as npt
import streamlit as st

from cifake_core import figures
from cifake_core.basics.arrays import Rgb, Rgb32, unit_range
from cifake_core.basics.labels import LABELS, Label
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.methods.cam import CamSteps
from cifake_core.explain.methods.lime import LineFit
from cifake_core.networks import NETWORKS
from cifake_core.pictures.records import PreparedPicture
from cifake_core.ui.browse.lesson import PAGE, ask_network
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import components, slow_work
from cifake_core.ui.widgets.components import LARGE, SMALL, chart_width
from cifake_core.ui.widgets.computing import show_chart, show_how

#: Maps that are drawn of the many, and how many of them stand side by side.
_NUM_STRONG, _COLUMNS = 16, 4
#: Pixels on the screen of one of them, and of a step; four stand side by side.
_MAP, _STEP = 64, 288
#: Changed pictures that are drawn.
_NUM_CHANGED: Final = 6
_LIME_SOURCES: Final = (
    "Source: M. T. Ribeiro et al., 2016, [arXiv:1602.04938]"
    "(https://arxiv.org/abs/1602.04938), by the package lime. Pieces: SLIC, R. "
    "Achanta et al., 2012, [doi:10.1109/TPAMI.2012.120]"
    "(https://doi.org/10.1109/TPAMI.2012.120)."
)


def show_gradcam(picture: PreparedPicture) -> None:
    """Four steps from gradient to Grad-CAM."""
    asked = _ask()
    if asked is None:
        return
    network, label = asked
    with slow_work.waiting("Computing Grad-CAM…", height=240):
        steps = bench().inspection.cam_steps(picture, network=network, label=label)
    strong = np.argsort(-np.abs(steps.weights))[:_NUM_STRONG]
    row = st.container(horizontal=True, gap="medium")
    with row.container(width=_STEP):
        _show_activations(steps, strong)
    with row.container(width=_STEP):
        _show_gradients(steps, strong)
    with row.container(width=_STEP):
        st.markdown("**3 Weights**")
        _show_weights(steps, len(strong))
        st.caption(
            "The mean of each map's gradients is its weight. The marked ones belong to "
            "the maps on the left."
        )
    with row.container(width=_STEP):
        st.markdown("**4 Map**")
        _show_heatmap(picture.pixels, steps, network=network)
        st.caption(
            "The maps, each times its weight, are added up; what is below 0 is cut off "
            "and the rest enlarged to the picture."
        )
    st.caption(
        "Source: R. R. Selvaraju et al., 2017, [arXiv:1610.02391]"
        "(https://arxiv.org/abs/1610.02391), equations 1 and 2. The score is the "
        "network's logit: for REAL as it is, for FAKE its negative."
    )


def _show_activations(steps: CamSteps, strong: npt.NDArray[np.int64]) -> None:
    """First step: the activations that count most."""
    st.markdown("**1 Activations**")
    activations = unit_range(np.maximum(steps.activations[..., strong], 0))
    _show_maps(activations, signed=False, what="What it found")
    height, width, count = steps.activations.shape
    st.caption(
        f"Layer `{steps.layer}` answers with {count} maps of {height}x{width} "
        f"places. Here are the {len(strong)} that count most."
    )


def _show_gradients(steps: CamSteps, strong: npt.NDArray[np.int64]) -> None:
    """Second step: the gradients of the score with respect to those activations."""
    st.markdown("**2 Gradients**")
    gradients = unit_range(steps.gradients[..., strong])
    _show_maps(gradients, signed=True, what="How the score hangs on it")
    st.caption(
        f"By how much the score for {steps.label} would rise if the map rose a little "
        f"at that place; green up, purple down.{_why_even(steps)}"
    )


def _ask() -> tuple[str, Label] | None:
    """Network to explain and the label; None if there is no network."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        network = ask_network()
        label: Label = st.segmented_control(
            "Evidence for",
            LABELS,
            default=LABELS[0],
            required=True,
            key=f"{PAGE}_label",
            persist_state="session",
        )
    return None if network is None else (network, label)


def _why_even(steps: CamSteps) -> str:
    """Sentence on gradients that are the same everywhere, if they are."""
    spread = np.ptp(steps.gradients, axis=(0, 1)).max()
    if spread > 1e-6 * np.abs(steps.gradients).max():
        return ""
    return (
        " It is the same at every place, as this network takes the mean of each of "
        "these maps and no more."
    )


def _show_maps(maps: np.ndarray, *, signed: bool, what: str) -> None:
    """(h, w, N) maps in rows."""
    tiles = np.moveaxis(maps, -1, 0)
    side = _MAP // tiles.shape[1] * tiles.shape[1]
    montage = figures.montage(tiles, columns=_COLUMNS, side=side, signed=signed)
    st.image(
        montage,
        width=montage.shape[1],
        alt=f"{what}: {len(tiles)} maps, {_COLUMNS} in a row.",
        output_format="PNG",
    )


def _show_weights(steps: CamSteps, num_strong: int) -> None:
    """Weights of all maps."""
    above = int((steps.weights > 0).sum())
    show_chart(
        "channel_weights_figure",
        figures.channel_weights_figure(steps, num_strong=num_strong),
        key=f"{PAGE}_weights",
        alt=f"Weights of {len(steps.weights)} maps for {steps.label}: {above} above 0, "
        f"from {steps.weights.min():.3g} to {steps.weights.max():.3g}.",
    )


def _show_heatmap(image: Rgb, steps: CamSteps, *, network: str) -> None:
    """Finished map over the picture, as Analyze draws it."""
    st.image(
        figures.laid_over(image, steps.heatmap, signed=False, opacity=0.6, size=_STEP),
        width=_STEP,
        alt=f"Grad-CAM of the {NETWORKS[network].title} for {steps.label}, laid over "
        "the picture.",
        output_format="PNG",
    )
    show_how("gradcam", key=f"{PAGE}_gradcam")
    if not steps.heatmap.any():
        st.info(f"Nothing is left: no place of this picture speaks for {steps.label}.")


def show_lime(picture: PreparedPicture) -> None:
    """Changed pictures of LIME and the line fitted through their scores."""
    asked = _ask()
    if asked is None:
        return
    network, label = asked
    num_samples = st.select_slider(
        "Changed pictures",
        EXPLAINERS["lime"].settings[0].values[:10],
        value=300,
        key=f"{PAGE}_samples",
        persist_state="session",
        width=400,
    )
    with slow_work.waiting("The network looks at changed pictures…", height=240):
        fit = bench().inspection.fit_line(
            picture, network=network, label=label, num_samples=num_samples
        )
    st.markdown(
        f"The picture is cut into {len(fit.weights)} pieces. Each time about half of "
        "them, drawn at random, are painted in their mean colour, and the network says "
        f"what it makes of it: {num_samples} times."
    )
    _show_changed(picture.pixels, fit, label=label)
    row = st.container(horizontal=True, gap="large")
    with row.container(width=chart_width()):
        st.markdown("**The line through all of them**")
        _show_line(fit, label=label)
        st.caption(
            "The line gives each piece a weight: its score is the sum of those that "
            "are left, and a constant. On the dotted line, the network says the same. "
            f"It explains {max(0.0, fit.r_squared):.0%} of how the scores differ, "
            "pictures near to the whole one counting more; what it does not explain, "
            "the map cannot show."
        )
    with row.container(width=LARGE):
        st.markdown("**Each piece in the colour of its weight**")
        _show_pieces(fit, network=network, label=label)
    st.caption(_LIME_SOURCES)


def _show_changed(image: Rgb32, fit: LineFit, *, label: Label) -> None:
    """Picture in pieces, and some of those that the network was asked."""
    row = st.container(horizontal=True)
    with row.container(width=components.CELL):
        st.image(
            figures.outlined(image, fit.pieces, size=SMALL),
            width=SMALL,
            alt=f"The picture cut into {len(fit.weights)} pieces.",
        )
        st.markdown(f"**Whole**  \nscore {fit.scores[0]:+.1f}")
    for sample in range(1, min(_NUM_CHANGED, len(fit.scores) - 1) + 1):
        kept = int(fit.kept[sample].sum())
        with row.container(width=components.CELL):
            st.image(
                figures.enlarge(fit.changed(image, sample), size=SMALL),
                width=SMALL,
                alt=f"The picture with {kept} of {len(fit.weights)} pieces left.",
                output_format="PNG",
            )
            st.markdown(f"{kept} pieces left  \nscore {fit.scores[sample]:+.1f}")
    st.caption(f"Score: the network's logit for {label}; above 0 it says {label}.")


def _show_line(fit: LineFit, *, label: Label) -> None:
    """Scores by the line against scores by the network."""
    show_chart(
        "line_figure",
        figures.line_figure(fit, label=label),
        key=f"{PAGE}_line",
        alt=f"Scores for {label} of {len(fit.scores)} pictures by the line and by the "
        f"network: from {fit.scores.min():.1f} to {fit.scores.max():.1f}; the line "
        f"explains {max(0.0, fit.r_squared):.0%}.",
    )


def _show_pieces(fit: LineFit, *, network: str, label: Label) -> None:
    """Pieces in the colours of their weights."""
    weights = unit_range(fit.weights)
    colors = figures.colorize(weights[fit.pieces], signed=True)
    best = int(fit.weights.argmax())
    st.image(
        figures.outlined(colors, fit.pieces, size=LARGE),
        width=LARGE,
        alt=f"The weights of {len(weights)} pieces for {label}, by the "
        f"{NETWORKS[network].title}, {fit.weights.min():.2f} to "
        f"{fit.weights.max():.2f}.",
        output_format="PNG",
    )
    st.caption(f"← against {label} · for {label} →")
    st.image(figures.colorbar(signed=True), width=LARGE, alt="Purple to green.")
    st.caption(f"The strongest piece adds {fit.weights[best]:+.2f} to the score.")
