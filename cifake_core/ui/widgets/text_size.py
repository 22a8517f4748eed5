"""Large text for a projector: one switch below the menu of pages, kept for a visit."""

from typing import Final

import streamlit as st

from cifake_core.figures import TEXT_SCALE
from cifake_core.ui import frontend

#: How much larger large text is.
_LARGE: Final = 1.4


def ask_text_size() -> None:
    """Ask for large text, and give it to everything that is drawn afterwards.

    Streamlit measures in `rem`, so the size of the page's root is enough for all but
    what charts say about their own text.
    """
    large = st.toggle(
        "Large text",
        key="large_text",
        persist_state="session",
        help="For a projector: all pages and charts, until you leave.",
    )
    TEXT_SCALE.set(_LARGE if large else 1.0)
    pixels = round(_LARGE * st.get_option("theme.baseFontSize"))
    frontend.show(
        "shell.html.jinja",
        {
            "pixels": pixels if large else None,
            "in_sight": frontend.IN_SIGHT,
            "light": st.get_option("theme.light.backgroundColor"),
            "dark": st.get_option("theme.dark.backgroundColor"),
        },
    )
