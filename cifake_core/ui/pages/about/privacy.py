"""Privacy: what is kept and for how long, in the sentences that the server keeps to."""

import os

import streamlit as st

from cifake_core.accounts.settings import accounts_are_on
from cifake_core.basics.places import user_data_folder
from cifake_core.jobs.retention.promises import PROMISES
from cifake_core.jobs.retention.regular import EVERY
from cifake_core.jobs.retention.settings import read_retention
from cifake_core.ui.widgets import guards


def show() -> None:
    """Say what is kept, for how long, and who chooses that."""
    st.markdown("## Privacy")
    st.markdown(
        "Nothing is sent to others. A picture that somebody brings to *Analyze* stays "
        "in this computer's memory while its window is open; verdicts are written "
        "down only where the *History* is switched on, and *Batch* writes down what "
        "it is given."
    )
    has_accounts = accounts_are_on(os.environ)
    with guards.told():
        retention = read_retention(user_data_folder())
        told = [
            each.sentence(retention)
            for each in PROMISES
            if has_accounts or not each.with_accounts
        ]
        st.markdown("\n".join(f"- {sentence}" for sentence in told))
    chooses = (
        "An administrator chooses the days, under *Administration*."
        if has_accounts
        else "The days are chosen on *History*."
    )
    st.markdown(
        f"The server looks when it starts, and then every {EVERY / 60:.0f} minutes, "
        f"for what is to go. {chooses}"
    )
