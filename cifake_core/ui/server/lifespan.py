"""The server's lifespan: what it does before it answers anybody."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from pkgutil import walk_packages

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """The time from before the first visitor until after the last.

    TensorFlow would take too long here; it loads behind the first page.
    """
    _run_app_for_every_address()
    with suppress(ImportError):  # where OpenCV cannot load, the page says so
        _import_pages()
        import_module("cifake_core.ui.server.warm_start").SERVES.set()
    yield


def _run_app_for_every_address() -> None:
    """Let `app.py` draw every page, also the first that is opened by its address.

    Until a visitor's run calls `st.navigation`, Streamlit would run a file of `pages/`
    by itself: without menu, width and networks. No setting says that it should not.
    """
    PagesManager.uses_pages_directory = False


def _import_pages() -> None:
    """Import what pages draw with, so that the first visitor does not wait for it."""
    ui = import_module("cifake_core.ui")
    for module in walk_packages(ui.__path__, f"{ui.__name__}."):
        import_module(module.name)
