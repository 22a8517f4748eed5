"""The app's workbench: one for the whole server, shared by all visitors."""

from pathlib import Path

import streamlit as st

from cifake_core.basics.places import models_folder
from cifake_core.workbench import Workbench


def bench() -> Workbench:
    """The workbench over the folder of models that this server was started with."""
    return _bench_over(models_folder())


@st.cache_resource(max_entries=4, show_spinner=False)
def _bench_over(models: Path) -> Workbench:
    """The workbench over one folder of models, opened once."""
    return Workbench(models)
