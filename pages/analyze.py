"""Analyze: from a picture to two verdicts and why."""

import streamlit as st

from cifake_core.errors import CifakeError
from cifake_core.ui import components, overlays, services, sources, state

st.title("Photograph or AI-generated?")
sources.ask_for_pictures()
chosen = state.current()
if chosen is None:
    st.info(
        "Give a picture above, or take one of the samples: the verdicts of both "
        "networks and their reasons appear here.",
        icon=":material/arrow_upward:",
    )
    st.stop()
image = chosen.picture.pixels

try:
    verdicts = [services.judge(entry.picture.pixels) for entry in state.pictures()]
    verdict = services.judge(image)
except CifakeError as error:
    st.error(str(error))
    st.stop()
names = [entry.name for entry in state.pictures()]
if len(verdicts) > 1:
    components.show_strip(names, verdicts, on_open=state.open_at)

st.header(chosen.name, divider="gray")
if chosen.truth is not None:
    st.caption(f"From the CIFAKE test set. The truth: {chosen.truth}.")
pictures, ruling = st.columns([3, 2])
with pictures:
    components.show_pictures(chosen.picture, verdict, name=chosen.name)
with ruling:
    components.show_ruling(verdict)
components.show_opinions(verdict)
st.download_button(
    "Download the verdicts as CSV",
    components.verdicts_csv(list(zip(names, verdicts, strict=True))),
    file_name="verdicts.csv",
    mime="text/csv",
    icon=":material/download:",
)

st.header("Why?", divider="gray")
choice = overlays.ask(verdict)
try:
    overlays.show(image, verdict, choice)
    st.header("The six channels", divider="gray")
    overlays.show_channels(image, verdict, choice)
except CifakeError as error:
    st.error(str(error))
