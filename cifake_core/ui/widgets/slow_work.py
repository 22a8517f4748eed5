"""Slow work on a page: a bar that shows how far it is, a button that stops it.

The place of what is made is grey until it comes.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import streamlit as st

from cifake_core.basics.progress import ProgressCallback
from cifake_core.ui import frontend

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

T = TypeVar("T")


def run(
    place: str,
    task: Hashable,
    text: str,
    work: Callable[[ProgressCallback], T],
    *,
    height: int = 0,
) -> T | None:
    """Slow work with a bar and a button; None while a visitor has stopped it.

    Bar and button appear with the first share that `work` tells, so that what is
    there at once shows neither. A click on the button, or any other change on the
    page, ends the work when it next tells a share; once stopped, this very task
    waits for a click on "Go on".

    Args:
        place: a name of this place on its page; it begins the keys in the session.
        task: what is done there; another task is not stopped.
        text: what is being done, beside the bar.
        work: given whom to tell the share done, 0 to 1.
        height: pixels on the screen of what comes, 0 if nothing is drawn there.
    """
    stopped, slot = f"{place}_stopped", st.empty()
    if st.session_state.get(stopped) == task:
        with slot.container(horizontal=True, vertical_alignment="center"):
            _show_stopped(place, stopped, text)
        return None
    bars: list[DeltaGenerator] = []

    def tell(share: float) -> None:
        if bars:
            bars[0].progress(share, text)
            return
        whole = slot.container()
        row = whole.container(horizontal=True, vertical_alignment="bottom")
        bars.append(row.progress(share, text))
        row.button(
            "Stop",
            key=f"{place}_stop",
            icon=":material/stop:",
            on_click=st.session_state.__setitem__,
            args=(stopped, task),
        )
        if height:
            with whole:
                _show_skeleton(height)

    made = work(tell)
    slot.empty()
    return made


@contextmanager
def waiting(text: str, *, height: int) -> Iterator[None]:
    """Say what is being done, which cannot be stopped, and keep its place.

    Args:
        text: what is done.
        height: pixels on the screen of what comes.
    """
    slot = st.empty()
    with slot.container():
        _show_skeleton(height)
    try:
        with st.spinner(text):
            yield
    finally:
        slot.empty()


def _show_skeleton(height: int) -> None:
    """Grey place of what is being made."""
    frontend.show("skeleton.html.jinja", {"height": height})


def _show_stopped(place: str, stopped: str, text: str) -> None:
    """What was stopped, and the button that lets it go on."""
    st.markdown(f"Stopped: {text}", width="content")
    st.button(
        "Go on",
        key=f"{place}_go_on",
        icon=":material/play_arrow:",
        on_click=st.session_state.pop,
        args=(stopped, None),
    )
