"""The lesson: its name in keys and addresses, and the network it opens."""

from typing import Final

import streamlit as st

from cifake_core.networks import NETWORKS
from cifake_core.ui.services.bench import bench

PAGE: Final = "how_it_works"


def ask_network(kinds: tuple[str, ...] = ("rgb", "planes")) -> str | None:
    """Network to open, or None, having said that there is none."""
    own = [
        name
        for name in bench().names()
        if not NETWORKS[name].members and NETWORKS[name].input_kind in kinds
    ]
    if not own:
        st.info("There is no such network yet. README says how to train it.")
        return None
    if len(own) == 1:
        return own[0]
    return st.segmented_control(
        "Network",
        own,
        default=own[0],
        required=True,
        format_func=lambda name: NETWORKS[name].title,
        key=f"{PAGE}_network",
        persist_state="session",
    )
