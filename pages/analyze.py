"""Analyze: from a picture to two verdicts and why."""

import streamlit as st

from cifake_core.errors import CifakeError
from cifake_core.ui import (
    beside,
    components,
    evidence,
    overlays,
    services,
    sources,
    state,
    strip,
    texts,
)
from cifake_core.ui.explain_page import address as explain_address

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

further = beside.ask()
try:
    verdicts = [
        services.judge(entry.picture.pixels, networks=further)
        for entry in state.pictures()
    ]
except CifakeError as error:
    st.error(str(error))
    st.stop()
verdict = verdicts[state.position()]
names = [entry.name for entry in state.pictures()]
if len(verdicts) > 1:
    components.show_strip(
        names, verdicts, opened=state.position(), on_open=state.open_at
    )

st.header(texts.plain(chosen.name), divider="gray")
if chosen.truth is not None:
    st.caption(f"From the CIFAKE test set. The truth: {chosen.truth}.")
pictures, ruling = st.columns([3, 2])
with pictures:
    components.show_pictures(chosen.picture, verdict, name=chosen.name)
with ruling:
    components.show_ruling(verdict)
components.show_opinions(verdict)
explain_address.link(chosen.address)
st.download_button(
    "Download the verdicts as CSV",
    texts.verdicts_csv(list(zip(names, verdicts, strict=True))),
    file_name="verdicts.csv",
    mime="text/csv",
    icon=":material/download:",
)

st.header("Does it hold?", divider="gray")
try:
    whole = services.networks()[-1]
    strip.show_strip_of_changes(
        evidence.stability(verdict.prepared.pixels, network=whole)
    )
except CifakeError as error:
    st.error(str(error))

st.header("Why?", divider="gray")
choice = overlays.ask(verdict)
try:
    overlays.show(verdict, choice)
    st.header("The six channels", divider="gray")
    overlays.show_channels(verdict, choice)
except CifakeError as error:
    st.error(str(error))
