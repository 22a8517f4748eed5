"""Data: what the test set is like, and what of it helps a network without looking."""

import streamlit as st

from cifake_core.errors import CifakeError
from cifake_core.ui import facts, measures, texts

st.title("What is the test set like?")
try:
    found = measures.stored_facts()
except CifakeError as error:
    st.info(str(error))
    st.stop()

view = facts.current()
for sentence in view.faults:
    st.warning(texts.plain(sentence))
facts.show_counts(found)

st.header("Samples", divider="gray")
facts.ask_samples(view)
facts.show_samples(found, view)

networks = facts.measured()
st.header("Files that stand twice", divider="gray")
facts.show_copies(found, networks)
st.header("Pictures that are almost grey", divider="gray")
facts.show_greys(found, networks)
st.header("Coarse and fine patterns", divider="gray")
facts.show_frequencies(found)
st.header("The mean picture of each kind", divider="gray")
facts.show_means(found)
st.header("How far do simple figures get?", divider="gray")
facts.show_cues(found)
