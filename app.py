"""The CIFAKE dashboard: start it with `streamlit run app.py`."""

import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager

HOME = Path(__file__).resolve().parent
sys.path.insert(0, str(HOME))  # so that it starts from any folder

#: File, title and icon of each page, in the order of the menu.
PAGES = (
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
MOVED = {"map": "embedding_map", "damage": "robustness", "corruption": "robustness"}


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
        page_title="CIFAKE: real or generated?",
        page_icon=str(HOME / "assets" / "icon.png"),
        layout="wide",
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


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Load what pages draw with before the server answers, so that nobody waits.

    TensorFlow would take too long; it loads behind the first page.
    """
    with suppress(ImportError):  # where OpenCV cannot load, the page says so
        import_module("cifake_core.ui.server.streamlit_files").send_at_once()
        ui = import_module("cifake_core.ui")
        for module in walk_packages(ui.__path__, f"{ui.__name__}."):
            import_module(module.name)
        import_module("cifake_core.ui.server.warm_start").prepare()
    gc.freeze()  # modules stay: no need to look for garbage in them after every view
    yield


if __name__ == "__main__":  # Streamlit runs this file so, anew for every view
    draw()
else:  # `streamlit run` imports it once and serves what it finds
    # until `st.navigation` is called, Streamlit would run a page whose address is
    # opened without this file: without menu, width and networks
    PagesManager.uses_pages_directory = False
    files = import_module("cifake_core.ui.server.streamlit_files").StreamlitFiles
    program = Middleware(files, pages=[*(file for file, *_ in PAGES), *MOVED])
    app = st.App(__file__, lifespan=lifespan, middleware=[program])
