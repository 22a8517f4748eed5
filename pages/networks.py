"""Networks: what each is, how it was trained and how well it does."""

import streamlit as st

from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import guards, network_card

st.title("How were the networks made?")
trained = network_card.with_weights(bench().names())
if not trained:
    guards.end("There are no trained networks yet. README says how to train them.")
for name in trained:
    with guards.told():
        network_card.show_card(bench().card(name), bench().evaluation.history(name))
