"""About: what the verdicts mean and where the data come from."""

import streamlit as st

from cifake_core.ui.pages.about import citations, meaning, privacy
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import scope_lines

st.title("About this dashboard")
st.markdown(
    """
This dashboard tells photographs from AI-generated pictures **on one data set,
CIFAKE**, and shows what its networks look at. A 2D-CNN sees the colours of the
picture. A 3D-CNN sees six filtered channels of it, stacked as depth. Both have learnt
CIFAKE alone, and the ensemble is what they say together. A third, the multi-generator
CNN, has learnt fakes of further generators and is asked beside them.
"""
)
meaning.show()
st.markdown("## What a verdict rests on, and where it stops")
scope_lines.show_table()
scope_lines.show_networks(bench().names())

privacy.show()

st.header("The networks", divider="gray")
st.page_link(
    "pages/networks.py",
    label="What the networks are and how they were trained",
    icon=":material/hub:",
)

st.header("Data and citations", divider="gray")
citations.show()
