"""First step of the lesson: six filters, and what their settings do."""

from typing import Final

import streamlit as st

from cifake_core import figures
from cifake_core.basics.arrays import Planes
from cifake_core.pictures.filters import (
    FILTER_TEXTS,
    FilterSettings,
    demonstrate,
)
from cifake_core.pictures.records import PreparedPicture
from cifake_core.ui.browse.lesson import PAGE
from cifake_core.ui.widgets.components import MIDDLE

_USUAL: Final = FilterSettings()
_SLIDERS: Final = {
    "clip_limit": _USUAL.clip_limit,
    "tiles": _USUAL.tiles,
    "blur_side": _USUAL.blur_side,
    "sobel_side": _USUAL.sobel_side,
    "canny": (_USUAL.canny_low, _USUAL.canny_high),
}
_SOURCES: Final = """
Sources: the choice of the six, Hosen et al., 2025. CLAHE: K. Zuiderveld, "Contrast
limited adaptive histogram equalization", *Graphics Gems IV*, 1994. Canny: J. Canny, "A
computational approach to edge detection", 1986,
[doi:10.1109/TPAMI.1986.4767851](https://doi.org/10.1109/TPAMI.1986.4767851). Sobel: I.
Sobel and G. Feldman, 1968. All of them by
[OpenCV](https://docs.opencv.org/4.x/d2/d96/tutorial_py_table_of_contents_imgproc.html).
"""


def show(picture: PreparedPicture) -> None:
    """Six channels as the networks see them, and as somebody sets them."""
    st.markdown(
        "The 3D-CNN never sees the colours. Six filters turn the picture into six "
        "planes, each one number for each pixel, and these are laid over each other:"
    )
    _show_planes("As the 3D-CNN sees them", picture.planes)
    for column, text in zip(st.columns(6), FILTER_TEXTS.values(), strict=True):
        column.caption(text.shows)
    st.subheader("What if the filters were set in another way?")
    st.info(
        "A demonstration: no network sees what you set here. The 3D-CNN was trained on "
        "the planes above and knows no others.",
        icon=":material/science:",
    )
    settings = _ask_settings()
    _show_planes("As you set them", demonstrate(picture.pixels, settings))
    st.caption(_SOURCES)


def _show_planes(title: str, planes: Planes) -> None:
    """Six planes side by side."""
    st.markdown(f"**{title}**")
    words = FILTER_TEXTS.values()
    for column, plane, text in zip(st.columns(6), planes, words, strict=True):
        column.markdown(text.title)
        column.image(
            figures.enlarge(plane, size=MIDDLE),
            width="stretch",
            alt=f"{title}: the {text.title} channel. {text.shows}",
            output_format="PNG",
        )


def _ask_settings() -> FilterSettings:
    """The filters' settings; at first they are the networks'."""
    left, middle, right = st.columns(3, gap="large")
    with left:
        clip_limit, tiles = _ask_clahe()
    with middle:
        blur_side, sobel_side = _ask_kernels()
    with right:
        canny_low, canny_high = _ask_canny()
    return FilterSettings(
        clip_limit=clip_limit,
        tiles=tiles,
        blur_side=blur_side,
        canny_low=canny_low,
        canny_high=canny_high,
        sobel_side=sobel_side,
    )


def _ask_clahe() -> tuple[float, int]:
    """Contrast limit and tiles of CLAHE."""
    clip_limit = st.slider(
        "CLAHE: contrast raised at most",
        min_value=0.5,
        max_value=10.0,
        step=0.5,
        help="How far the histogram of a tile may pile up before it is cut off. The "
        f"networks': {_USUAL.clip_limit:g}.",
        key=_held("clip_limit"),
    )
    tiles = st.select_slider(
        "CLAHE: tiles to a side",
        (1, 2, 4, 8, 16),
        help=f"Contrast is raised within each tile. The networks': {_USUAL.tiles}.",
        key=_held("tiles"),
    )
    return clip_limit, tiles


def _ask_kernels() -> tuple[int, int]:
    """Sides of the kernels of blur and Sobel."""
    blur_side = st.select_slider(
        "Gaussian blur: pixels to a side of the kernel",
        (1, 3, 5, 7, 9, 11),
        help=f"1 leaves the plane as it is. The networks': {_USUAL.blur_side}.",
        key=_held("blur_side"),
    )
    sobel_side = st.select_slider(
        "Sobel: pixels to a side of the kernel",
        (1, 3, 5, 7),
        help=f"A larger one smooths more. The networks': {_USUAL.sobel_side}.",
        key=_held("sobel_side"),
    )
    return blur_side, sobel_side


def _ask_canny() -> tuple[int, int]:
    """Thresholds of Canny, and the way back to the networks' settings."""
    st.slider(
        "Canny: gradient of an edge, at least",
        min_value=0,
        max_value=600,
        step=10,
        help="An edge begins above the higher value and goes on above the lower. The "
        f"networks': {_USUAL.canny_low} and {_USUAL.canny_high}.",
        key=_held("canny"),
    )
    st.button(
        "The networks' settings",
        key=f"{PAGE}_usual",
        icon=":material/restart_alt:",
        on_click=_set_usual,
        wrap=True,
    )
    low, high = st.session_state[f"{PAGE}_canny"]  # a range, as it is set there
    return low, high


def _held(name: str) -> str:
    """Key of a setting's slider, which begins where the networks have it."""
    key = f"{PAGE}_{name}"
    st.session_state.setdefault(key, _SLIDERS[name])
    return key


def _set_usual() -> None:
    """Put every slider where the networks have it."""
    for name, value in _SLIDERS.items():
        st.session_state[f"{PAGE}_{name}"] = value
