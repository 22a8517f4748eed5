"""Explain: where the evidence lies, and whether the map that says so can be trusted."""

import streamlit as st

from cifake_core.ui.browse import explain_address
from cifake_core.ui.pages.explain import controls, picture, sections
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import guards, slow_work

st.title("Where is the evidence, and can the map be trusted?")
guards.need_networks()
view, faults = explain_address.current()
guards.tell(faults)
chosen = picture.need(view)
with (
    guards.needed(),
    slow_work.waiting("The networks look at the picture…", height=120),
):
    verdict = bench().judge(chosen.picture.pixels, networks=controls.networks(view))
picture.show(chosen, verdict, pictures=view.pictures)
in_words = st.container()  # filled once all is measured

opened = controls.ask_section(view)
with guards.needed():
    asked = controls.ask(view, verdict)
    sections.show(opened, verdict, asked, chosen=chosen, in_words=in_words)
