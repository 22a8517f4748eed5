"""The pages of the app, its menu, and the page that is asked for."""

from functools import partial
from pathlib import Path
from typing import Final

import streamlit as st

_ICON: Final = Path(__file__).resolve().parents[2] / "assets" / "icon.png"

#: File and title of each page, in the order of the menu. Without icons all of them fit
#: into a window 1280 pixels wide.
PAGES: Final = (
    ("analyze", "Analyze"),
    ("explain", "Explain"),
    ("test_set", "Test set"),
    ("compare", "Compare"),
    ("robustness", "Robustness"),
    ("data", "Data"),
    ("embedding_map", "Embedding map"),
    ("networks", "Networks"),
    ("papers", "Papers"),
    ("beat_the_model", "Beat the model"),
    ("how_it_works", "How it works"),
    ("about", "About"),
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
    return [st.Page(f"pages/{file}.py", title=title) for file, title in PAGES]


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
