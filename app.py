"""The CIFAKE dashboard: start it with `streamlit run app.py`."""

import sys
from pathlib import Path

import streamlit as st

HOME = Path(__file__).resolve().parent
sys.path.insert(0, str(HOME))  # so that it starts from any folder

try:
    import cv2  # noqa: F401 - only to say what to install where its library is missing
except ImportError as error:
    st.error(
        f"OpenCV cannot load ({error}). On Debian or Ubuntu install what it needs "
        "with: apt install libgl1 libglib2.0-0"
    )
    st.stop()

from cifake_core.ui import projector, services  # noqa: E402 - needs path and OpenCV

st.set_page_config(
    page_title="CIFAKE: real or generated?",
    page_icon=str(HOME / "assets" / "icon.png"),
    layout="wide",
)
page = st.navigation(
    [
        st.Page("pages/analyze.py", title="Analyze", icon=":material/image_search:"),
        st.Page("pages/explain.py", title="Explain", icon=":material/troubleshoot:"),
        st.Page("pages/test_set.py", title="Test set", icon=":material/grid_view:"),
        st.Page("pages/compare.py", title="Compare", icon=":material/compare:"),
        st.Page("pages/robustness.py", title="Damage", icon=":material/broken_image:"),
        st.Page("pages/data.py", title="Data", icon=":material/database:"),
        st.Page("pages/map.py", title="Map", icon=":material/scatter_plot:"),
        st.Page("pages/networks.py", title="Networks", icon=":material/hub:"),
        st.Page("pages/papers.py", title="Papers", icon=":material/article:"),
        st.Page(
            "pages/beat_the_model.py",
            title="Beat the model",
            icon=":material/sports_esports:",
        ),
        st.Page(
            "pages/how_it_works.py", title="How it works", icon=":material/school:"
        ),
        st.Page("pages/about.py", title="About", icon=":material/info:"),
    ],
    position="top",
)
projector.ask_text_size()
try:
    page.run()
finally:  # also when a page stops early: the networks load while it is read
    services.warm_up()
