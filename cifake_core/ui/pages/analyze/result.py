"""The result in one view: picture, verdict, heat map, and the channels below."""

import streamlit as st

from cifake_core import figures
from cifake_core.ui.pages.analyze import channels
from cifake_core.ui.services.visit import Chosen
from cifake_core.ui.widgets import file_panel, guards, heat_maps, verdict_view
from cifake_core.ui.widgets.components import TILE
from cifake_core.ui.widgets.heat_maps import OverlayChoice
from cifake_core.ui.widgets.texts import plain
from cifake_core.verdicts.records import Verdict


def show(chosen: Chosen, verdict: Verdict) -> OverlayChoice:
    """Picture, verdict and map side by side, channels below; what was chosen."""
    with st.container(key="analyze_result"):
        picture, decision, heat_map = st.columns([24, 48, 28], gap="small")
    with picture:
        _show_picture(chosen, verdict)
    with decision, st.container(key="analyze_verdict"):
        verdict_view.show_decision(verdict)
        file_panel.show_summary(chosen, verdict)
    with heat_map, st.container(key="analyze_map"):
        place = st.container(gap="xsmall")
        controls = st.popover("Another map", icon=":material/tune:")
        with controls:
            choice = heat_maps.ask(verdict)
        with place, guards.told():
            heat_maps.show_first(verdict, choice, controls)
    with guards.told():
        channels.show(verdict, choice, name=chosen.name)
    return choice


def _show_picture(chosen: Chosen, verdict: Verdict) -> None:
    """The picture as it was given, with its name and how it came to 32x32 pixels."""
    prepared = verdict.prepared
    width, height = prepared.original_width, prepared.original_height
    pixels = chosen.picture.pixels
    sharp = (
        figures.fit(pixels, side=2 * TILE)
        if prepared.was_resized
        else figures.enlarge(pixels, size=TILE)
    )
    with st.container(gap="xsmall"):
        st.header(plain(chosen.name))
        st.image(
            sharp,
            width=max(1, round(TILE * min(1, width / height))),
            alt=f"The picture as given: {chosen.name}.",
            output_format="auto" if prepared.was_resized else "PNG",
        )
        st.caption(f"As given: {chosen.picture.format}, {width}x{height} pixels")
        if chosen.truth is not None:
            st.caption(f"{chosen.origin}. The truth: {chosen.truth}.")
        named = prepared.sha256[:16]  # the report has the whole hash
        st.caption(f"As the networks see it: 32x32 pixels (SHA-256 `{named}`)")
        for note in (*chosen.picture.notes, *prepared.notes):
            st.caption(note)
