"""Streamlit, with the tiny detector for the published one: `python -m` this module."""

from streamlit.web.cli import main

from cifake_core.workbench.objects import ObjectsBench
from tests import made_detector

if __name__ == "__main__":
    ObjectsBench.__init__.__kwdefaults__["weights"] = made_detector.weights()
    main(prog_name="streamlit")
