"""Analyze: from a picture to two verdicts and why."""

import streamlit as st

from cifake_core.basics.errors import CifakeError
from cifake_core.ui.browse import explain_address
from cifake_core.ui.services import visit
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import (
    components,
    further_networks,
    heat_maps,
    picture_sources,
    stability_strip,
    texts,
)

st.title("Photograph or AI-generated?")
picture_sources.ask_for_pictures()
chosen = visit.current()
if chosen is None:
    st.info(
        "Give a picture above, or take one of the samples: the verdicts of both "
        "networks and their reasons appear here.",
        icon=":material/arrow_upward:",
    )
    st.stop()

further = further_networks.ask()
try:
    with st.spinner("The networks look at the picture…"):
        verdicts = [
            bench().judge(entry.picture.pixels, networks=further)
            for entry in visit.pictures()
        ]
except CifakeError as error:
    st.error(str(error))
    st.stop()
verdict = verdicts[visit.position()]
names = [entry.name for entry in visit.pictures()]
if len(verdicts) > 1:
    components.show_strip(
        names, verdicts, opened=visit.position(), on_open=visit.open_at
    )

st.header(texts.plain(chosen.name), divider="gray")
if chosen.truth is not None:
    st.caption(f"From the CIFAKE test set. The truth: {chosen.truth}.")
pictures, decision = st.columns([3, 2])
with pictures:
    components.show_pictures(chosen.picture, verdict, name=chosen.name)
with decision:
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
    whole = bench().names()[-1]
    with st.spinner("Changing the picture a little…"):
        held = bench().stability(verdict.prepared, network=whole)
    stability_strip.show_strip_of_changes(held)
except CifakeError as error:
    st.error(str(error))

st.header("Why?", divider="gray")
choice = heat_maps.ask(verdict)
try:
    heat_maps.show(verdict, choice)
    st.header("The six channels", divider="gray")
    heat_maps.show_channels(verdict, choice)
except CifakeError as error:
    st.error(str(error))
