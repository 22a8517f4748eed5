"""More pictures: the samples with stored answers, and the ways to bring one."""

import streamlit as st

from cifake_core.figures import TEXT_SCALE
from cifake_core.ui.pages.analyze import dropping
from cifake_core.ui.services import samples, visit
from cifake_core.ui.widgets import components, picture_sources
from cifake_core.workbench.examples import EXAMPLES

#: Pixels on the screen of a cell with a sample and its button.
_CELL = 144


def ask(opened: str | None) -> None:
    """Offer five further samples, and beside them a picture of one's own.

    Args:
        opened: address of the picture that is open, or None if it has none.
    """
    others = [file for file in EXAMPLES if file != opened]
    known = {entry["file"]: entry for entry in samples.entries()}
    with st.container(key="analyze_more"):
        row, own = st.columns(2, gap="medium")
    with row:
        st.markdown("**Another sample**")
        with st.container(horizontal=True, gap="small"):
            for file in others[: len(EXAMPLES) - 1]:
                _offer(file, known[file])
    with own:
        picture_sources.ask()
        dropping.take_dropped()


def _offer(file: str, entry: dict[str, str]) -> None:
    """One sample, and the button that opens it."""
    with st.container(width=round(_CELL * TEXT_SCALE.get()), gap="xsmall"):
        picture = samples.picture(file)
        components.show_thumbnail(
            picture.pixels, alt=entry["alt"], size=components.TINY
        )
        st.button(
            entry["title"],
            key=f"analyze_example_{file}",
            help=f"{entry['source']}. {entry['licence']}.",
            on_click=_choose,
            args=(file,),
            width="stretch",
            wrap=True,
        )


def _choose(file: str) -> None:
    """Analyse a sample."""
    visit.choose([visit.sample(file)])
