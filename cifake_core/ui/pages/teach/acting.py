"""What a click on *Teach* does, and the sentence if it cannot be done."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from cifake_core.basics.errors import CifakeError

_FAULT: Final = "teach_fault"
_DONE: Final = "teach_done"


def act(action: Callable[[], object], *, done: str = "") -> None:
    """Do what a click asks for; the page tells how it went when it is drawn next.

    Args:
        action: does it.
        done: the sentence if it is done.
    """
    try:
        action()
    except CifakeError as error:
        st.session_state[_FAULT] = str(error)
    else:
        st.session_state[_DONE] = done


def tell() -> None:
    """The sentence on the last click, once."""
    fault = st.session_state.pop(_FAULT, "")
    done = st.session_state.pop(_DONE, "")
    if fault:
        st.error(fault)
    elif done:
        st.success(done, icon=":material/check:")
