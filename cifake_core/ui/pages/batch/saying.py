"""What became of a click: done by a callback, told above the page."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from cifake_core.basics.errors import CifakeError
from cifake_core.ui.browse.batch_address import PAGE
from cifake_core.ui.widgets.texts import plain

_SAID: Final = f"{PAGE}_said"


def act(do: Callable[[], object]) -> bool:
    """Do what a click asks for; False, and a sentence to be told, if it cannot be."""
    st.session_state.pop(_SAID, None)
    try:
        do()
    except CifakeError as error:
        st.session_state[_SAID] = str(error)
        return False
    except OSError as error:
        st.session_state[_SAID] = (
            f"The system refused: {error.strerror or error}. Check that there is room "
            "on the disk, and who may write there."
        )
        return False
    return True


def tell() -> None:
    """The sentence on what could not be done, once."""
    sentence = st.session_state.pop(_SAID, None)
    if sentence is not None:
        st.error(plain(sentence), icon=":material/block:")
