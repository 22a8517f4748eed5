"""A tour of the first page in four steps: offered to newcomers, found again below."""

import secrets
from typing import Final

import streamlit as st

from cifake_core.ui import frontend

#: In an address of *Analyze*: the tour is asked for.
ASKED: Final = "tour"
_STARTED: Final = "tour_started"
_TOUR: Final = frontend.component("tour", library="driver")
#: Where each step points, by the first of these that is in sight, and what it says.
_STEPS: Final = (
    {
        "places": [".st-key-analyze_verdict"],
        "title": "The verdict",
        "text": "FAKE, no trace of a fake, or UNSURE. With it stands what the networks "
        "know and how much they miss: believe it no further than that.",
    },
    {
        "places": [".st-key-analyze_map"],
        "title": "What it looked at",
        "text": "The map shows where the evidence lies. Another map has eight methods; "
        "below are the filtered channels that a network reads.",
    },
    {
        "places": [".st-key-analyze_more"],
        "title": "Your turn",
        "text": "Take another sample, or a picture of your own: upload, camera, paste, "
        "or drop it anywhere on the page. It stays on this computer.",
    },
    {
        "places": [
            '[data-testid="stSidebar"]',
            '[data-testid="stExpandSidebarButton"]',
        ],
        "title": "Further on",
        "text": "Judge more pictures, study the networks, teach them your own data, or "
        "read how it all works. Tour, below, begins this anew.",
    },
)


def offer() -> None:
    """Offer the tour to who has not seen it; begin it where the address asks for it."""
    if ASKED in st.query_params:
        del st.query_params[ASKED]
        st.session_state[_STARTED] = secrets.token_hex(8)
    _TOUR(
        key="analyze_tour",
        data={
            "asked": st.session_state.get(_STARTED),
            "words": "New here?",
            "show": "Tour in four steps",
            "dismiss": "No, thanks",
            "progress": "{{current}} of {{total}}",
            "next": "Next",
            "back": "Back",
            "done": "Done",
            "steps": list(_STEPS),
        },
        width="content",
    )
