"""Explain: where the evidence lies, and whether the map that says so can be trusted."""

import streamlit as st

from cifake_core.errors import CifakeError
from cifake_core.explain.findings import Findings
from cifake_core.ui import evidence, services, strip, texts
from cifake_core.ui.explain_page import (
    address,
    channels,
    controls,
    maps,
    picture,
    playground,
    ranking,
    told,
)

st.title("Where is the evidence, and can the map be trusted?")
if not services.all_networks():
    st.info("There are no trained networks yet. README says how to train them.")
    st.stop()

view, faults = address.current()
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
    verdict = services.judge(chosen.picture.pixels, networks=controls.networks(view))
    image = verdict.prepared.pixels
    picture.show(chosen, verdict)
    in_words = st.container()  # filled once all is measured

    st.header("The maps", divider="gray")
    asked = controls.ask(view, verdict)
    places = [st.container() for _ in asked.sides]  # filled after what is quick
    maps.explain_curves()
    first = asked.sides[0]
    below = st.container()  # filled last: it may take long

    values = channels.show(image, first.label)

    st.header("Does the verdict hold?", divider="gray")
    held = evidence.stability(image, network=first.network)
    strip.show_strip_of_changes(held)
    playground.show()

    shown = []
    for number, (place, side) in enumerate(zip(places, asked.sides, strict=True)):
        with place:
            shown.append(maps.show(image, side, number=number))
    tested = [  # after all are drawn, as it takes longer
        maps.test(image, each, number=number, replacement=asked.replacement)
        for number, each in enumerate(shown)
        if each is not None
    ]
    findings = Findings(
        verdict=verdict, maps=tuple(tested), channels=values, stability=held
    )
    with in_words:
        told.show_sentences(findings)
        told.offer_report(findings, chosen)
    with below:
        ranking.show(image, network=first.network, label=first.label)
except CifakeError as error:
    st.error(str(error))
