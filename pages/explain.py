"""Explain: where the evidence lies, and whether the map that says so can be trusted."""

import streamlit as st

from cifake_core.basics.errors import CifakeError
from cifake_core.reports.findings import Findings
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
from cifake_core.ui.widgets import stability_strip, texts

st.title("Where is the evidence, and can the map be trusted?")
if not bench().all_names():
    st.info("There are no trained networks yet. README says how to train them.")
    st.stop()

view, faults = explain_address.current()
for sentence in faults:
    st.warning(texts.plain(sentence))
chosen = None
try:
    chosen = picture.find(view.picture)
except CifakeError as error:
    st.warning(texts.plain(str(error)))
if chosen is None:
    st.info("Choose a picture to explain: open one in Analyze, or take one below.")
    picture.offer()
    st.stop()

try:
    with st.spinner("The networks look at the picture…"):
        verdict = bench().judge(chosen.picture.pixels, networks=controls.networks(view))
    seen = verdict.prepared
    picture.show(chosen, verdict)
    in_words = st.container()  # filled once all is measured

    st.header("The maps", divider="gray")
    asked = controls.ask(view, verdict)
    places = [st.container() for _ in asked.sides]  # filled after what is quick
    heat_maps.explain_curves()
    first = asked.sides[0]
    below = st.container()  # filled last: it may take long

    values = channels.show(seen, first.label)

    st.header("Does the verdict hold?", divider="gray")
    with st.spinner("Changing the picture a little…"):
        held = bench().stability(seen, network=first.network)
    stability_strip.show_strip_of_changes(held)
    splicing.show()

    shown = []
    for number, (place, side) in enumerate(zip(places, asked.sides, strict=True)):
        with place:
            shown.append(heat_maps.show(seen, side, number=number))
    tested = [  # after all are drawn, as it takes longer
        heat_maps.test(seen, each, number=number, replacement=asked.replacement)
        for number, each in enumerate(shown)
        if each is not None
    ]
    findings = Findings(
        verdict=verdict, maps=tuple(tested), channels=values, stability=held
    )
    with in_words:
        sentences.show_sentences(findings)
        sentences.offer_report(findings, chosen)
    with below:
        ranking.show(seen, network=first.network, label=first.label)
except CifakeError as error:
    st.error(str(error))
