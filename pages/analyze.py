"""Analyze: from a picture to a verdict and why."""

import streamlit as st

from cifake_core.ui.browse import explain_address
from cifake_core.ui.services import visit
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import (
    further_networks,
    guards,
    heat_maps,
    picture_sources,
    stability_strip,
    texts,
    verdict_view,
)

st.title("Photograph or AI-generated?")
picture_sources.ask_for_pictures()
chosen = visit.current()
if chosen is None:
    guards.end(
        "Give a picture above, or take one of the samples: the verdicts of both "
        "networks and their reasons appear here."
    )
further = further_networks.ask()
with guards.needed(), st.spinner("The networks look at the picture…"):
    verdicts = [
        bench().judge(entry.picture.pixels, networks=further)
        for entry in visit.pictures()
    ]
verdict = verdicts[visit.position()]
names = [entry.name for entry in visit.pictures()]
if len(verdicts) > 1:
    verdict_view.show_strip(
        names, verdicts, opened=visit.position(), on_open=visit.open_at
    )
st.header(texts.plain(chosen.name), divider="gray")
verdict_view.show(chosen, verdict)
explain_address.link(chosen.address)
st.download_button(
    "Download the verdicts as CSV",
    texts.verdicts_csv(list(zip(names, verdicts, strict=True))),
    file_name="verdicts.csv",
    mime="text/csv",
    icon=":material/download:",
)

st.header("Does it hold?", divider="gray")
with guards.told():
    stability_strip.show(verdict.prepared, network=bench().names()[-1])

st.header("Why?", divider="gray")
choice = heat_maps.ask(verdict)
with guards.told():
    heat_maps.show(verdict, choice)
    st.header("The six channels", divider="gray")
    heat_maps.show_channels(verdict, choice)
