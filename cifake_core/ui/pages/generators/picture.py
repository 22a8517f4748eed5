"""One picture of a generator, large: verdicts, maps, the photographs it resembles."""

from typing import Final

import numpy as np
import streamlit as st

from cifake_core import figures
from cifake_core.basics.arrays import Rgb
from cifake_core.generators.catalogue import GENERATORS
from cifake_core.networks import NETWORKS
from cifake_core.ui.browse import explain_address, map_address, opened_picture
from cifake_core.ui.browse.generators_address import PAGE, View
from cifake_core.ui.pages.generators import drawing
from cifake_core.ui.services import generated, visit
from cifake_core.ui.services.bench import bench
from cifake_core.ui.services.generated import Generated
from cifake_core.ui.widgets import (
    components,
    guards,
    neighbours,
    scope_lines,
    slow_work,
    verdict_view,
)

_ORIGINAL: Final = 288
#: By how much the change of a picture is made stronger, to be seen.
_STRONGER: Final = 8


def show(view: View) -> bool:
    """The picture that the address opens; False if it opens none."""
    if view.picture is None:
        return False
    name, number = view.picture
    with guards.told():
        found = drawing.drawn(name)
        if found is None:
            return True
        opened_picture.lead(
            PAGE,
            np.arange(len(found.images)),
            number,
            address=lambda each: generated.address(name, each),
        )
        if number < len(found.images):
            _show(found, number)
    return True


def _show(found: Generated, number: int) -> None:
    """The picture with verdicts and maps, and what it resembles."""
    known = GENERATORS[found.name]
    chosen = generated.chosen(found, number)
    word = f" ({found.words[number]})" if found.words[number] else ""
    st.subheader(f"{known.title}{word}; the truth: FAKE")
    method = opened_picture.ask_method(PAGE)
    with slow_work.waiting("The networks look at the picture…", height=320):
        verdict = bench().judge(chosen.picture.pixels)
    opened_picture.show_maps(
        verdict, method=method, alt=f"Picture {number} by {known.title}, enlarged."
    )
    scope_lines.say(verdict, reasons=True)
    if found.originals is not None:
        _show_original(found.images[number], found.originals[number])
    with st.container(horizontal=True, vertical_alignment="center"):
        explain_address.link(chosen.address)
        _offer_other_pages(chosen)
    with st.expander("What each network says, in full"):
        verdict_view.show_predictions(verdict.predictions)
    components.show_on_request(
        "Which photographs and fakes does it resemble most?",
        lambda: _show_neighbours(chosen),
        key=f"{PAGE}_neighbours",
    )


def _show_original(image: Rgb, original: Rgb) -> None:
    """The photograph that was passed through, and what that changed."""
    change = image.astype(int) - original
    shown = {
        "The photograph that was passed through": original,
        f"What that changed, {_STRONGER} times as strong: grey is nothing": np.clip(
            128 + _STRONGER * change, 0, 255
        ).astype(np.uint8),
    }
    row = st.container(horizontal=True, gap="medium")
    for words, each in shown.items():
        with row.container(width=_ORIGINAL):
            st.image(
                figures.enlarge(each, size=_ORIGINAL),
                width=_ORIGINAL,
                alt=f"{words}, enlarged.",
                output_format="PNG",
            )
            st.markdown(words)


def _offer_other_pages(chosen: visit.Chosen) -> None:
    """Buttons to Analyze and to the map with this picture."""
    if st.button("More on this picture in Analyze", icon=":material/image_search:"):
        visit.choose([chosen])
        st.switch_page("pages/analyze.py")
    if st.button("Its place on the map", icon=":material/scatter_plot:"):
        visit.choose([chosen])
        st.switch_page("pages/embedding_map.py")


def _show_neighbours(chosen: visit.Chosen) -> None:
    """Training pictures that a network takes for most alike."""
    networks = map_address.networks()
    network = st.segmented_control(
        "To the",
        networks,
        default=networks[0],
        required=True,
        format_func=lambda name: NETWORKS[name].title,
        key=f"{PAGE}_neighbours_network",
        persist_state="session",
    )
    with guards.told():
        found = bench().evaluation.embedding_map(network)
        seen = bench().prepare(chosen.picture.pixels)
        features = bench().features(seen, network=network)
        neighbours.show(
            found,
            neighbours.placed(found, found.coordinates(features), name=chosen.name),
        )
