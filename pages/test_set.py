"""Test set: how a network does at any threshold, and the pictures behind it."""

import streamlit as st

from cifake_core.basics.errors import CifakeError
from cifake_core.evaluation.operating_points import operating_point
from cifake_core.evaluation.selection import matching
from cifake_core.ui.browse import gallery, opened_picture, views
from cifake_core.ui.pages import evaluation, verdict_record
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import texts

st.title("How good are the networks?")
if not bench().all_names():
    st.info("There are no trained networks yet. README says how to train them.")
    st.stop()

selection, faults = views.current(evaluation.PAGE)
for sentence in faults:
    st.warning(texts.plain(sentence))
if "picture" not in views.query(evaluation.PAGE):
    evaluation.ask_view(selection)
try:
    scores = bench().evaluation.scores(selection.network)
    report = bench().evaluation.report(selection.network, leak_free=selection.leak_free)
    curves = bench().evaluation.curves(selection.network, leak_free=selection.leak_free)
except CifakeError as error:
    st.error(str(error))
    st.stop()

positions = matching(scores, selection, decisions=verdict_record.test_decisions())
position = opened_picture.position_of(evaluation.PAGE, scores)
if position is not None:
    networks = (selection.network,)
    opened_picture.show(evaluation.PAGE, scores, positions, position, networks=networks)
    st.stop()

evaluation.ask_threshold(scores, selection)
chosen = scores.chosen(leak_free=selection.leak_free)
point = operating_point(
    scores.labels[chosen], scores.logits[chosen], threshold=selection.threshold
)
evaluation.show_point(point)
st.caption("Click a square, a bar, a point or a row to see its pictures below.")
evaluation.show_charts(report, curves, point, selection)
st.subheader("By object class")
evaluation.show_classes(scores, selection)

st.header("When the product says UNSURE", divider="gray")
verdict_record.show_fare()

st.header("The pictures", divider="gray")
evaluation.ask_filters(evaluation.PAGE, selection, evaluation.FILTERS)
gallery.show(evaluation.PAGE, scores, positions, selection)
