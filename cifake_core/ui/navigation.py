"""The pages of the app, its menu, and the page that is asked for."""

from functools import partial
from pathlib import Path
from typing import Final

import streamlit as st

_ICON: Final = Path(__file__).resolve().parents[2] / "assets" / "icon.png"

#: File, title and icon of each page, in the order of the menu.
PAGES: Final = (
    ("analyze", "Analyze", "image_search"),
    ("explain", "Explain", "troubleshoot"),
    ("test_set", "Test set", "grid_view"),
    ("compare", "Compare", "compare"),
    ("robustness", "Robustness", "broken_image"),
    ("data", "Data", "database"),
    ("embedding_map", "Embedding map", "scatter_plot"),
    ("networks", "Networks", "hub"),
    ("papers", "Papers", "article"),
    ("beat_the_model", "Beat the model", "sports_esports"),
    ("how_it_works", "How it works", "school"),
    ("about", "About", "info"),
)
#: Addresses that pages had before, and the file of the page they lead to.
MOVED: Final = {
    "map": "embedding_map",
    "damage": "robustness",
    "corruption": "robustness",
}


def draw() -> None:
    """Page that is asked for."""
    try:
        import cv2  # noqa: F401, PLC0415 - to say what to install if it cannot load
    except ImportError as error:
        st.error(
            f"OpenCV cannot load ({error}). On Debian or Ubuntu install what it needs "
            "with: apt install libgl1 libglib2.0-0"
        )
        st.stop()

    from cifake_core.ui.server import warm_start  # noqa: PLC0415 - needs OpenCV
    from cifake_core.ui.widgets import text_size  # noqa: PLC0415

    st.set_page_config(
        page_title="CIFAKE: real or generated?", page_icon=str(_ICON), layout="wide"
    )
    page = st.navigation([*_pages(), *_moved_pages()], position="top")
    text_size.ask_text_size()
    try:
        page.run()
    finally:  # also when a page stops early: the networks load while it is read
        warm_start.load_networks()


def _pages() -> list[st.Page]:
    """The pages of the menu, in order."""
    return [
        st.Page(f"pages/{file}.py", title=title, icon=f":material/{icon}:")
        for file, title, icon in PAGES
    ]


def _moved_pages() -> list[st.Page]:
    """Pages that are in no menu: each leads from an old address to the new one."""
    return [
        st.Page(
            partial(_lead_to, f"pages/{file}.py"),
            title=file,
            url_path=address,
            visibility="hidden",
        )
        for address, file in MOVED.items()
    ]


def _lead_to(page: str) -> None:
    """Open a page with the parameters of the address that led here."""
    st.switch_page(page, query_params=st.query_params.to_dict())
