"""How it works: from one picture to channels, layers and maps, step by step."""

import streamlit as st

from cifake_core.ui.pages.lesson import depth, filters, heat_maps, layers, scope, steps
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import guards

STEPS = {
    "Filters": filters.show,
    "First layers": layers.show_layers,
    "The 3D kernel": depth.show_depth,
    "Grad-CAM": heat_maps.show_gradcam,
    "LIME": heat_maps.show_lime,
    "The verdict": scope.show,
}

st.title("How does it work?")
step = steps.ask_step(tuple(STEPS))
chosen = steps.ask_picture()
if chosen is None:
    st.stop()
with guards.told():
    seen = bench().prepare(chosen.picture.pixels)
    steps.show_picture(chosen, seen)
    name = tuple(STEPS)[step]
    st.header(name, divider="gray")
    STEPS[name](seen)
