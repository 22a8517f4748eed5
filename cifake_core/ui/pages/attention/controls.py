"""The controls of *Attention*, the study they ask for, and what was studied."""

from functools import partial

import numpy as np
import streamlit as st

from cifake_core.attention.records import Attention
from cifake_core.basics.errors import DatasetError
from cifake_core.basics.labels import LABELS
from cifake_core.data.archive import names_sha256
from cifake_core.data.datasets.records import OFFICIAL
from cifake_core.evaluation.scores import Scores
from cifake_core.evaluation.selection import Selection
from cifake_core.ui.browse import view_controls, views
from cifake_core.ui.browse.attention_address import (
    FILTERS_ASKED,
    PAGE,
    choose,
    evidence,
    mark,
    part,
)
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import guards, scope_lines


def ask_view(selection: Selection) -> None:
    """Ask for the network, and which label the evidence is for."""
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    view_controls.ask_network(PAGE, selection.network, row, on_change=_set_network)
    row.segmented_control(
        "Evidence for",
        LABELS,
        required=True,
        key=views.held(PAGE, "evidence", evidence()),
        on_change=_set_evidence,
    )


def _set_network() -> None:
    """Show another network, whose parts hold other pictures."""
    views.change(PAGE, network=st.session_state[f"{PAGE}_network"])
    views.put(PAGE, part=None, picture=None)


def _set_evidence() -> None:
    """Show the evidence for the other label; what leads towards it is another part."""
    views.put(PAGE, evidence=st.session_state[f"{PAGE}_evidence"], part=None)


def found(selection: Selection) -> tuple[Attention, Scores]:
    """Stored study of the network, and its scores.

    Raises:
        CifakeError: If either is missing, or they are on other pictures.
    """
    scores = bench().evaluation.scores(selection.network)
    study = bench().evaluation.attention(selection.network)
    if study.test_sha256 != names_sha256(scores.members):
        msg = (
            "The attention study is on other pictures than the network's scores. Make "
            f"it anew with `python -m cifake_core attention {selection.network}`."
        )
        raise DatasetError(msg)
    return study, scores


def describe(study: Attention) -> None:
    """Say on what the page is, and if the product would decide otherwise today."""
    st.caption(
        f"{len(study.positions):,} test pictures, as many of each label and object "
        f"class, drawn by seed {study.seed}; evidence is in units of the logit. "
        f"Weights `{study.model_sha256[:8]}`."
    )
    today = bench().on(OFFICIAL).decisions()
    if today is None or not (study.decisions >= 0).all():
        return
    changed = int(np.count_nonzero(today[study.positions] != study.decisions))
    if changed:
        st.info(
            f"The product decides {changed:,} of these pictures otherwise than when "
            "this study was made. Make it anew with "
            f"`python -m cifake_core attention {study.network}`."
        )


def say_scope(network: str) -> None:
    """Say what the network and the product's decisions know, below what they say."""
    scope_lines.show_networks([network])
    with guards.told():
        known = scope_lines.in_markdown(bench().scope.of_verdicts())
        st.caption(f"What the product decides: {' '.join(known)}")


def ask_group(selection: Selection) -> None:
    """Ask for which pictures the page is; offer to let a part of them go."""
    view_controls.ask_filters(PAGE, selection, FILTERS_ASKED)
    if part():
        st.button(
            "All pictures of these filters",
            key=f"{PAGE}_whole",
            icon=":material/deselect:",
            on_click=partial(choose, mark(selection, part())),
        )
