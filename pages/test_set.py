"""Test set: how a network does at any threshold, and the pictures behind it."""

import streamlit as st

from cifake_core.errors import CifakeError
from cifake_core.selection import matching
from cifake_core.thresholds import operating_point
from cifake_core.ui import (
    gallery,
    opened,
    services,
    test_set,
    texts,
    verdicts,
    views,
)

st.title("How good are the networks?")
if not services.all_networks():
    st.info("There are no trained networks yet. README says how to train them.")
    st.stop()

selection, faults = views.current(test_set.PAGE)
for sentence in faults:
    st.warning(texts.plain(sentence))
if "picture" not in views.query(test_set.PAGE):
    test_set.ask_view(selection)
try:
    scores = services.test_scores(selection.network)
    report = services.report(selection.network, leak_free=selection.leak_free)
    curves = services.curves(selection.network, leak_free=selection.leak_free)
except CifakeError as error:
    st.error(str(error))
    st.stop()

positions = matching(scores, selection, rulings=verdicts.test_rulings())
position = opened.position_of(test_set.PAGE, scores)
if position is not None:
    networks = (selection.network,)
    opened.show(test_set.PAGE, scores, positions, position, networks=networks)
    st.stop()

test_set.ask_threshold(scores, selection)
chosen = scores.chosen(leak_free=selection.leak_free)
point = operating_point(
    scores.labels[chosen], scores.logits[chosen], threshold=selection.threshold
)
test_set.show_point(point)
st.caption("Click a square, a bar, a point or a row to see its pictures below.")
test_set.show_charts(report, curves, point, selection)
st.subheader("By object class")
test_set.show_classes(scores, selection)

st.header("When the product says UNSURE", divider="gray")
verdicts.show_fare()

st.header("The pictures", divider="gray")
test_set.ask_filters(test_set.PAGE, selection, test_set.FILTERS)
gallery.show(test_set.PAGE, scores, positions, selection)
