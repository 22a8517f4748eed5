"""Test set: how the networks do on pictures they never saw."""

import streamlit as st

from cifake_core.errors import CifakeError
from cifake_core.networks import NETWORKS
from cifake_core.ui import components, gallery, services

SUBSETS = ("Official", "Leak-free")

st.title("How good are the networks?")
names = services.networks()
if not names:
    st.info("There are no trained networks yet. README says how to train them.")
    st.stop()

subset = st.segmented_control(
    "Test set",
    SUBSETS,
    default="Official",
    required=True,
    key="test_set_subset",
    persist_state="session",
    help="The official test set holds pictures that also stand in the training set, "
    "and some twice. The leak-free one is without them.",
)
leak_free = subset == "Leak-free"
try:
    reports = {name: services.report(name, leak_free=leak_free) for name in names}
    hashes = {name: services.test_scores(name).model_sha256[:8] for name in names}
except CifakeError as error:
    st.error(str(error))
    st.stop()

titles = {name: f"{NETWORKS[name].title} ({hashes[name]})" for name in names}
components.show_metrics({titles[name]: reports[name] for name in names})

st.header("Confusion matrices", divider="gray")
row = st.container(horizontal=True)
for name in names:
    with row.container(width=components.MATRIX):
        components.show_confusion(reports[name], title=titles[name])

st.header("ROC curves", divider="gray")
components.show_roc({titles[name]: reports[name] for name in names})

st.header("One network more closely", divider="gray")
network = st.segmented_control(
    "Network",
    names,
    default=names[0],
    required=True,
    format_func=lambda name: NETWORKS[name].title,
    key="test_set_network",
    persist_state="session",
)
objects = reports[network].objects
if objects is not None:
    st.subheader("Naming the object")
    with st.container(width=components.CHART):
        components.show_object_confusion(objects, title=titles[network])
st.subheader("Errors")
gallery.show_errors(services.test_scores(network), leak_free=leak_free)
