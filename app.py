"""The CIFAKE dashboard: start it with `streamlit run app.py`."""

import os

import streamlit as st

from cifake_core.api.mount import mounted
from cifake_core.ui import navigation
from cifake_core.ui.server.besides import besides
from cifake_core.ui.server.lifespan import lifespan

if __name__ == "__main__":  # Streamlit runs this file so, anew for every view
    navigation.draw()
else:  # `streamlit run` imports it once and serves what it finds
    app = st.App(__file__, lifespan=lifespan, **besides(mounted(), os.environ))
