"""The app: services, state, components. Nothing else in the core imports Streamlit."""

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

# Until `st.navigation` is first called, Streamlit opens the files of pages/ by
# themselves: a link to one of them, followed on a server that has just started,
# would not meet app.py.
if PagesManager.uses_pages_directory:
    PagesManager.uses_pages_directory = False
    st.rerun()
