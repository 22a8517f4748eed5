"""How it works: from one picture to channels, layers and maps, step by step."""

import streamlit as st

from cifake_core.basics.errors import CifakeError
from cifake_core.pictures.preprocessing import prepare
from cifake_core.ui.pages.lesson import filters, heat_maps, layers, steps

STEPS = {
    "Filters": filters.show,
    "First layers": layers.show_layers,
    "The 3D kernel": layers.show_depth,
    "Grad-CAM": heat_maps.show_gradcam,
    "LIME": heat_maps.show_lime,
}

st.title("How does it work?")
step = steps.ask_step(tuple(STEPS))
chosen = steps.ask_picture()
if chosen is None:
    st.stop()
try:
    image = prepare(chosen.picture.pixels).pixels
    steps.show_picture(chosen, image)
    name = tuple(STEPS)[step]
    st.header(name, divider="gray")
    STEPS[name](image)
except CifakeError as error:
    st.error(str(error))
