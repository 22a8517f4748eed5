"""Pictures that are dropped anywhere on the page."""

from base64 import b64decode
from typing import Final

import streamlit as st

from cifake_core.basics.errors import CifakeError
from cifake_core.pictures.reading import MAX_BYTES, check_num_bytes
from cifake_core.ui import frontend
from cifake_core.ui.services import visit

_KEY: Final = "analyze_drop"
_DROP: Final = frontend.component("drop")


def take_dropped() -> None:
    """Let the visitor drop pictures on the page, and analyse those that come."""
    _DROP(
        key=_KEY,
        data={"words": "Drop pictures to have them judged", "most": MAX_BYTES},
        on_dropped_change=_take,
    )


def _take() -> None:
    """Analyse what was dropped; say which files were too large to be sent."""
    read, refused = [], []
    for file in st.session_state[_KEY]["dropped"]:
        if file["content"] is not None:
            read.append((file["name"], b64decode(file["content"])))
            continue
        try:
            check_num_bytes(file["size"])
        except CifakeError as error:
            refused.append(f"{file['name']}: {error}")
    visit.choose_files(read, refused=refused)
