"""Test set: how a network does at any threshold, and the pictures behind it."""

from functools import partial

import streamlit as st

from cifake_core.ui.browse import chosen_pictures, gallery, opened_picture, views
from cifake_core.ui.pages import evaluation, subgroups, verdict_record
from cifake_core.ui.pages.evaluation import PAGE
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import guards, scope_lines

st.title("How good are the networks?")
guards.need_networks()

selection, faults = views.current(PAGE)
guards.tell(faults)
network, leak_free = selection.network, selection.leak_free
ask_view = partial(evaluation.ask_view, selection)
with guards.needed(otherwise=ask_view):
    chosen = bench().on(selection.pictures)
    (scores,) = chosen_pictures.scores(PAGE, chosen, [network], otherwise=ask_view)
    report = chosen.evaluation.report(network, leak_free=leak_free)
    curves = chosen.evaluation.curves(network, leak_free=leak_free)
    positions = evaluation.positions(chosen, scores, selection)
if opened_picture.show(
    PAGE, scores, positions, pictures=selection.pictures, networks=(network,)
):
    st.stop()

ask_view()
chosen_pictures.describe(selection)
scope_lines.show_networks([network])
evaluation.ask_threshold(scores, selection)
point = evaluation.point_of(scores, selection)
evaluation.show_point(point)
st.caption("Click a square, a bar, a point or a row to see its pictures below.")
evaluation.show_charts(report, curves, point, selection)
subgroups.show(scores, selection)

st.header("When the product says UNSURE", divider="gray")
fare = st.container()  # filled last: on a set of one's own it may take long

st.header("The pictures", divider="gray")
chosen_pictures.ask_filters(PAGE, chosen, scores, selection, evaluation.FILTERS)
gallery.show(PAGE, scores, positions, selection)
with fare:
    verdict_record.show(selection)
