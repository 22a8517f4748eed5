"""How it works: from one picture to channels, layers and maps, step by step."""

import streamlit as st

from cifake_core.errors import CifakeError
from cifake_core.preprocess import prepare
from cifake_core.ui import lesson, lesson_filters, lesson_layers, lesson_maps

STEPS = {
    "Filters": lesson_filters.show,
    "First layers": lesson_layers.show_layers,
    "The 3D kernel": lesson_layers.show_depth,
    "Grad-CAM": lesson_maps.show_gradcam,
    "LIME": lesson_maps.show_lime,
}

st.title("How does it work?")
step = lesson.ask_step(tuple(STEPS))
chosen = lesson.ask_picture()
if chosen is None:
    st.stop()
try:
    image = prepare(chosen.picture.pixels).pixels
    lesson.show_picture(chosen, image)
    name = tuple(STEPS)[step]
    st.header(name, divider="gray")
    STEPS[name](image)
except CifakeError as error:
    st.error(str(error))
