"""What a click on *History* does, and what the page then tells of it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import streamlit as st

from cifake_core.basics.errors import CifakeError
from cifake_core.ui.browse import history_address
from cifake_core.ui.browse.history_address import PAGE
from cifake_core.ui.services import caller
from cifake_core.ui.services.history import history
from cifake_core.ui.widgets.texts import plain

_FAILED: Final = f"{PAGE}_failed"
_DONE: Final = f"{PAGE}_done"
_BINNED: Final = f"{PAGE}_binned"


def act(action: Callable[[], object]) -> bool:
    """Do what a click asks for; note why it cannot be done, and return whether it was.

    What lies in the bin since the last click is not offered back after another one.
    """
    st.session_state.pop(_BINNED, None)
    try:
        caller.expect("history", what="the history")  # as it is now
        action()
    except CifakeError as error:
        st.session_state[_FAILED] = str(error)
        return False
    return True


def button(  # noqa: PLR0913 - of Streamlit's own, by keyword
    title: str,
    key: str,
    action: Callable[[], object],
    *,
    icon: str | None = None,
    disabled: bool = False,
    done: str = "",
) -> None:
    """Button that does something.

    Args:
        title: of the button.
        key: of the button, after the name of the page.
        action: what is done.
        icon: of the button.
        disabled: whether it can't be clicked.
        done: told once it was done; nothing where the page shows it anyhow.
    """
    st.button(
        title,
        key=f"{PAGE}_{key}",
        icon=icon,
        disabled=disabled,
        on_click=_act,
        args=(action, done),
    )


def held(key: str) -> Any:  # noqa: ANN401 - of its widget
    """Value of a widget at a click; `key` follows the name of the page.

    An action asks for it then: who writes a text and clicks at once sends both
    together, and the page was drawn before.
    """
    return st.session_state[f"{PAGE}_{key}"]


def put_in_bin(numbers: Sequence[int]) -> None:
    """Put records into the bin, offer the way back, and show the listing."""
    if act(partial(history().bin.put, numbers)):
        st.session_state[_BINNED] = tuple(numbers)
        history_address.open_record(None)


def restore(numbers: Sequence[int]) -> None:
    """Take records out of the bin, and open the one if it is alone."""
    if act(partial(history().bin.restore, numbers)):
        opened = str(numbers[0]) if len(numbers) == 1 else None
        history_address.choose(in_bin=None, record=opened)


def tell() -> None:
    """Say what the last click could not do, or what it put into the bin."""
    failed = st.session_state.pop(_FAILED, None)
    if failed is not None:
        st.error(plain(failed))
    done = st.session_state.pop(_DONE, "")
    if done:
        st.success(done, icon=":material/check:")
    numbers = st.session_state.get(_BINNED)
    if numbers is None:
        return
    row = st.container(horizontal=True, vertical_alignment="center")
    one = len(numbers) == 1
    which = f"Record {numbers[0]} lies" if one else f"{len(numbers):,} records lie"
    row.info(f"{which} in the bin.")
    row.button(
        "Undo",
        icon=":material/undo:",
        key=f"{PAGE}_undo",
        on_click=restore,
        args=(numbers,),
    )


def _act(action: Callable[[], object], done: str) -> None:
    """Do what a click asks for, and note what to tell of it."""
    if act(action):
        st.session_state[_DONE] = done
