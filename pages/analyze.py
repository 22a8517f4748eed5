"""Analyze: from a picture to a verdict and why."""

import streamlit as st

from cifake_core.ui.browse import explain_address
from cifake_core.ui.pages.analyze import more, result
from cifake_core.ui.services import visit
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import (
    file_panel,
    further_networks,
    guards,
    heat_maps,
    judged_before,
    objects_panel,
    picture_sources,
    slow_work,
    stability_strip,
    texts,
    tour,
    verdict_view,
)

with st.container(horizontal=True, vertical_alignment="center"):
    st.title("Photograph or AI-generated?", width="content")
    tour.offer()
st.markdown(
    "Small networks judge a picture, show what they looked at, and say when not to "
    "rely on them. For learning, teaching and research."
)
picture_sources.show_refusals()
chosen = visit.analyzed()
opened = chosen[visit.position()]
top, below = st.container(), st.container()
with below:
    more.ask(opened.address)
    st.header("What each network says", divider="gray")
    further = further_networks.ask()
with (
    top,
    guards.needed(),
    slow_work.waiting("The networks look at the picture…", height=420),
):
    verdicts = [
        bench().judge(entry.picture.pixels, networks=further) for entry in chosen
    ]
judged_before.keep(chosen, verdicts)
verdict, names = verdicts[visit.position()], [entry.name for entry in chosen]
with top:
    if len(verdicts) > 1:
        verdict_view.show_strip(
            names, verdicts, opened=visit.position(), on_open=visit.open_at
        )
    choice = result.show(opened, verdict)
    judged_before.show(visit.position(), verdict)

verdict_view.show_predictions(verdict.predictions)
verdict_view.show_record(verdict)
with st.container(horizontal=True, vertical_alignment="center"):
    explain_address.link(opened.address)
    st.download_button(
        "Download the verdicts as CSV",
        texts.verdicts_csv(list(zip(names, verdicts, strict=True))),
        file_name="verdicts.csv",
        mime="text/csv",
        icon=":material/download:",
    )
with guards.told():
    heat_maps.show_further(verdict, choice)

st.header("File", divider="gray")
file_panel.show(opened, verdict)

objects_panel.show(opened)

st.header("Does it hold?", divider="gray")
with guards.told():
    stability_strip.show(verdict.prepared, network=verdict.decided_by)
