"""The papers' networks that a visitor asks about a picture, beside our own."""

import streamlit as st

from cifake_core.networks import NETWORKS, PAPERS
from cifake_core.ui.services.bench import bench


def ask() -> tuple[str, ...]:
    """Networks of papers whose predictions a visitor wants, too.

    Nothing is asked as long as none of the papers' networks has weights.
    """
    trained = tuple(name for name in bench().all_names() if name in PAPERS)
    if not trained:
        return ()
    chosen = st.multiselect(
        "Ask earlier networks too",
        trained,
        format_func=lambda name: NETWORKS[name].title,
        placeholder="none",
        help="They are on the page Papers. The verdict rests on our own networks "
        "alone, whatever these say.",
        key="analyze_beside",
        persist_state="session",
        width=480,
    )
    return tuple(name for name in trained if name in chosen)
