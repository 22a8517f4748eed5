"""The server's lifespan: what it does before it answers anybody."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from pkgutil import walk_packages
from typing import Final

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from cifake_core.accounts.settings import accounts_are_on
from cifake_core.basics.errors import CifakeError
from cifake_core.basics.places import models_folder, user_data_folder
from cifake_core.jobs.queue.supervisor import supervised
from cifake_core.jobs.retention.regular import retained

_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
#: What stands before the pages where there are accounts.
_DOOR: Final = "cifake_core.ui.accounts."


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """The time from before the first visitor until after the last.

    TensorFlow would take too long here; it loads behind the first page. Jobs are done
    meanwhile, those that the last server left among them, and what has been kept for
    long enough goes.
    """
    _run_app_for_every_address()
    with suppress(ImportError):  # where OpenCV cannot load, the page says so
        _import_pages()
        import_module("cifake_core.ui.server.warm_start").SERVES.set()
    _tell_where()
    _tell_first_administrator()
    jobs = supervised(lambda: (user_data_folder(), models_folder()))
    with retained(user_data_folder), jobs:
        yield


def _tell_where() -> None:
    """Tell who starts the server where it listens, and for whom."""
    address, port = (
        st.get_option("server.address"),
        st.get_option("server.port"),
    )
    sys.stderr.write(f"{where(address, port, has_accounts=_has_accounts())}\n")


def where(address: str | None, port: int, *, has_accounts: bool) -> str:
    """Sentence on where the app listens, for whom, and how to change that.

    Args:
        address: that it is told to listen at; None for all of this machine's.
        port: that it listens at.
        has_accounts: whether whoever comes must log in.
    """
    if address in _LOOPBACK:
        return (
            f"The app listens at {address}:{port}, for this machine only; "
            "--server.address 0.0.0.0 opens it to every machine that can reach it."
        )
    whom = (
        "and whoever comes must log in"
        if has_accounts
        else "and whoever comes may do everything (CIFAKE_ACCOUNTS=local: must log in)"
    )
    return (
        f"The app listens at {address or 'all addresses'}:{port}, for every machine "
        f"that can reach this one, {whom}. Put TLS in front (docs/security.md)."
    )


def _has_accounts() -> bool:
    """Whether there are accounts; what is wrong with the setting each page says."""
    with suppress(CifakeError):
        return accounts_are_on(os.environ)
    return True


def _tell_first_administrator() -> None:
    """Tell who starts the server how to begin, where there are accounts."""
    with suppress(CifakeError):  # told on every page
        if accounts_are_on(os.environ):
            import_module("cifake_core.ui.accounts.door").tell_first()


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
        if not module.name.startswith(_DOOR):  # it is there by now, if it is needed
            import_module(module.name)
