"""Address of the page *Teach*: which part of it is open."""

from typing import Final

from cifake_core.ui.browse import views
from cifake_core.ui.browse.address import fault

PAGE: Final = "teach"
#: Parts of the page; only the one that is open is drawn.
PARTS: Final = {
    "teach": "Teach",
    "versions": "Versions",
    "costs": "What it costs",
    "label": "What to label next",
}


def current() -> tuple[str, tuple[str, ...]]:
    """Part that the address opens, and a sentence if it names none."""
    query = views.query(PAGE)
    if query:
        views.remember(PAGE)
    part = query.get("part", "teach")
    if part in PARTS:
        return part, ()
    return "teach", (fault("part", part, expected=f"one of: {', '.join(PARTS)}"),)
