"""Test set: how a network does at any threshold, and the pictures behind it."""

import streamlit as st

from cifake_core.ui.browse import gallery, opened_picture, view_controls, views
from cifake_core.ui.pages import evaluation, verdict_record
from cifake_core.ui.pages.evaluation import PAGE
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import guards

st.title("How good are the networks?")
guards.need_networks()

selection, faults = views.current(PAGE)
guards.tell(faults)
network, leak_free = selection.network, selection.leak_free
with guards.needed(otherwise=lambda: evaluation.ask_view(selection)):
    scores = bench().evaluation.scores(network)
    report = bench().evaluation.report(network, leak_free=leak_free)
    curves = bench().evaluation.curves(network, leak_free=leak_free)
positions = evaluation.positions(scores, selection)
if opened_picture.show(PAGE, scores, positions, networks=(network,)):
    st.stop()

evaluation.ask_view(selection)
evaluation.ask_threshold(scores, selection)
point = evaluation.point_of(scores, selection)
evaluation.show_point(point)
st.caption("Click a square, a bar, a point or a row to see its pictures below.")
evaluation.show_charts(report, curves, point, selection)
st.subheader("By object class")
evaluation.show_classes(scores, selection)

st.header("When the product says UNSURE", divider="gray")
verdict_record.show_fare()

st.header("The pictures", divider="gray")
view_controls.ask_filters(PAGE, selection, evaluation.FILTERS)
gallery.show(PAGE, scores, positions, selection)
