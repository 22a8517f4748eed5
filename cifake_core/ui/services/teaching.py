"""The app's teaching: one for the whole server, whichever version is in use."""

from pathlib import Path

import streamlit as st

from cifake_core.basics.places import cache_folder, models_folder, user_data_folder
from cifake_core.ui.services import caller
from cifake_core.workbench.retraining import RetrainingBench


def retraining() -> RetrainingBench:
    """The jobs of this machine's user.

    Raises:
        NotAllowedError: If who looks may not.
        UnknownCallerError: If nobody has logged in, or not any more.
    """
    caller.expect("administer", what="teaching")
    return _retraining_in(cache_folder() / "runs", models_folder(), user_data_folder())


@st.cache_resource(max_entries=4, show_spinner=False)
def _retraining_in(runs: Path, models: Path, user_data: Path) -> RetrainingBench:
    """The jobs with these places, which their processes are told."""
    return RetrainingBench(runs, models=models, user_data=user_data)
