"""Explain: where the evidence lies, and whether the map that says so can be trusted."""

import streamlit as st

from cifake_core.ui.browse import explain_address
from cifake_core.ui.pages.explain import (
    channels,
    controls,
    heat_maps,
    picture,
    ranking,
    sentences,
    splicing,
)
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import guards, stability_strip

st.title("Where is the evidence, and can the map be trusted?")
guards.need_networks()
view, faults = explain_address.current()
guards.tell(faults)
chosen = picture.need(view.picture)
with guards.needed(), st.spinner("The networks look at the picture…"):
    verdict = bench().judge(chosen.picture.pixels, networks=controls.networks(view))
seen = verdict.prepared
picture.show(chosen, verdict)
in_words = st.container()  # filled once all is measured

st.header("The maps", divider="gray")
with guards.needed():
    asked = controls.ask(view, verdict)
    places = [st.container() for _ in asked.sides]  # filled after what is quick
    heat_maps.explain_curves()
    first = asked.sides[0]
    below = st.container()  # filled last: it may take long

    values = channels.show(seen, first.label)
    st.header("Does the verdict hold?", divider="gray")
    held = stability_strip.show(seen, network=first.network)
    splicing.show()

    maps = heat_maps.show_all(seen, asked.sides, places, replacement=asked.replacement)
    with in_words:
        sentences.show(verdict, maps, values, held, chosen=chosen)
    with below:
        ranking.show(seen, network=first.network, label=first.label)
