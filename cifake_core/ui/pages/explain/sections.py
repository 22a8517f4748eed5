"""The sections of the *Explain* page: all of them, or the one that is opened alone."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cifake_core.ui.browse.explain_address import SECTIONS
from cifake_core.ui.pages.explain import (
    channels,
    heat_maps,
    ranking,
    sentences,
    splicing,
)
from cifake_core.ui.pages.explain.controls import Asked
from cifake_core.ui.services.visit import Chosen
from cifake_core.ui.widgets import stability_strip
from cifake_core.verdicts.records import Verdict


def show(
    opened: Sequence[str],
    verdict: Verdict,
    asked: Asked,
    *,
    chosen: Chosen,
    in_words: DeltaGenerator,
) -> None:
    """Sections that are open, what is quick before what takes long.

    Args:
        opened: names of `SECTIONS`.
        verdict: on the picture.
        asked: the maps, and what the curves are drawn with.
        chosen: the picture.
        in_words: is filled with all that was found, if every section is open.
    """
    seen, first = verdict.prepared, asked.sides[0]
    places = []
    if "maps" in opened:
        st.header("The maps", divider="gray")
        places = [st.container() for _ in asked.sides]
        heat_maps.explain_curves()
    below = st.container()
    values = channels.show(seen, first.label) if "channels" in opened else None
    held = None
    if "changes" in opened:
        st.header("Does the verdict hold?", divider="gray")
        held = stability_strip.show(seen, network=first.network)
    if "paste" in opened:
        splicing.show()
    sides = asked.sides if places else ()
    maps = heat_maps.show_all(seen, sides, places, replacement=asked.replacement)
    if held is not None and len(opened) == len(SECTIONS):
        with in_words:
            sentences.show(verdict, maps, values, held, chosen=chosen)
    if "methods" in opened:
        with below:
            st.header("Which method explains it best?", divider="gray")
            ranking.show(seen, network=first.network, label=first.label)
