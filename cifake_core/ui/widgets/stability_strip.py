"""Does a verdict hold? A strip of changed pictures, and what became of each."""

import streamlit as st

from cifake_core import figures
from cifake_core.basics.labels import Label, other
from cifake_core.networks import NETWORKS
from cifake_core.pictures.records import PreparedPicture
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import scope_lines, slow_work
from cifake_core.ui.widgets.computing import show_how
from cifake_core.ui.widgets.texts import percent
from cifake_core.verdicts.records import Stability

#: Pixels on the screen for a changed picture, and the width of its words.
_PICTURE, _CELL = 96, 120


def show(picture: PreparedPicture, *, network: str) -> Stability:
    """The strip of a picture's changes, with what a network says of each."""
    with slow_work.waiting("Changing the picture a little…", height=240):
        stability = bench().stability(picture, network=network)
    show_strip_of_changes(stability)
    return stability


def show_strip_of_changes(stability: Stability) -> None:
    """Each changed picture with its probability, and say how many hold.

    Args:
        stability: of one network; its word on the picture itself is what may hold.
    """
    st.markdown(_summary(stability))
    with st.container(horizontal=True, gap="small"):
        for position in range(len(stability.names)):
            with st.container(width=_CELL, gap="xxsmall"):
                _show_change(stability, position)
    st.caption(
        f"Below each picture the probability of {stability.label}. The changes leave "
        "to the eye what it was; a verdict that falls with them is a weak one."
    )
    scope_lines.show_networks([stability.network])
    show_how("stability", key="stability")


def _summary(stability: Stability) -> str:
    """Sentence on how many changes leave the verdict as it is, and the weakest."""
    label, weakest = stability.label, stability.weakest
    p_original = _of_label(stability.original_p_real, label)
    p_weakest = _of_label(float(stability.p_real[weakest]), label)
    return (
        f"The {NETWORKS[stability.network].title} calls this picture {label} "
        f"({percent(p_original)}), and **{stability.kept.sum()} of "
        f"{stability.kept.size}** changed copies as well. Its weakest: "
        f"*{stability.names[weakest]}*, {percent(p_weakest)}."
    )


def _show_change(stability: Stability, position: int) -> None:
    """One changed picture; an icon and a word tell whether the verdict fell."""
    name, label = stability.names[position], stability.label
    share = percent(_of_label(float(stability.p_real[position]), label))
    if stability.kept[position]:
        outcome, words = ":material/check:", f"still {label}"
    else:
        changed = other(label)
        outcome, words = f":material/close: {changed}", f"now {changed}"
    st.image(
        figures.data_uri(figures.enlarge(stability.pictures[position], size=_PICTURE)),
        width=_PICTURE,
        alt=f"{name}: {words}, probability of {label} {share}.",
    )
    words = f"{outcome} {share}"
    if position == stability.weakest:
        words = f"{words} :gray-badge[weakest]"
    st.markdown(words)
    st.caption(name)


def _of_label(p_real: float, label: Label) -> float:
    """Probability of `label`."""
    return p_real if label == "REAL" else 1 - p_real
