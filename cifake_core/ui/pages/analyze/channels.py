"""The 32x32 pixels as the networks see them, and their six filtered channels."""

import streamlit as st

from cifake_core import figures
from cifake_core.explain.records import Explanation
from cifake_core.pictures.filters import FILTER_TEXTS
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import components
from cifake_core.ui.widgets.components import SMALL
from cifake_core.ui.widgets.heat_maps import OverlayChoice
from cifake_core.verdicts.records import Verdict


def show(verdict: Verdict, choice: OverlayChoice, *, name: str) -> None:
    """Seven pictures in a row, and if asked below each what it added."""
    prepared = verdict.prepared
    maps = None
    if choice.planes is not None:
        maps = bench().explain(
            prepared,
            network=choice.planes,
            method="gradient_input",
            label=choice.label,
        )
    with st.container(key="analyze_channels", horizontal=True, gap="small"):
        with st.container(width=SMALL, gap="xxsmall"):
            pixels = figures.data_uri(figures.enlarge(prepared.pixels, size=SMALL))
            alt = f"{name} as the networks see it: 32x32 pixels, enlarged in blocks."
            st.image(pixels, width=SMALL, alt=alt)
            st.markdown("**As seen**", help="The 32x32 pixels that the networks see.")
        for position, text in enumerate(FILTER_TEXTS.values()):
            with st.container(width=SMALL, gap="xxsmall"):
                plane = figures.enlarge(prepared.planes[position], size=SMALL)
                alt = f"The {text.title} channel. {text.shows}"
                st.image(figures.data_uri(plane), width=SMALL, alt=alt)
                if maps is not None:
                    _show_added(maps, position, title=text.title)
                st.markdown(f"**{text.title}**", help=text.shows)
    if maps is not None:
        components.show_legend(maps)
        st.caption(
            "One scale for all six; weak evidence is raised (square root) to be seen."
        )


def _show_added(maps: Explanation, position: int, *, title: str) -> None:
    """What one channel added, by gradient x input."""
    if maps.plane_maps is None:
        return
    strong = figures.emphasize(maps.plane_maps[position])
    colors = figures.colorize(strong, signed=True)
    st.image(
        figures.data_uri(figures.enlarge(colors, size=SMALL)),
        width=SMALL,
        alt=f"Pixels of the {title} channel for and against {maps.label}, by "
        "gradient x input of the 3D-CNN.",
    )
