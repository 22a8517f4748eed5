"""Panel *Objects*: what is on a large picture, and each part of it by itself."""

from collections.abc import Sequence
from functools import partial
from typing import Final

import streamlit as st

from cifake_core import figures
from cifake_core.basics.errors import CifakeError, NotMadeError
from cifake_core.objects.records import DetectedObject
from cifake_core.objects.weights import FETCH
from cifake_core.pictures.records import Picture
from cifake_core.ui.services import administered, caller, visit
from cifake_core.ui.services.bench import bench
from cifake_core.ui.services.visit import Chosen
from cifake_core.ui.widgets import slow_work, thumbnails
from cifake_core.ui.widgets.texts import percent
from cifake_core.ui.widgets.thumbnails import Cell, Thumbnail

#: Pixels of a picture's shorter side, below which its parts are smaller than what the
#: networks look at.
_LEAST: Final = 128
#: Largest side on the screen of the picture with boxes.
_SIDE: Final = 640


def show(chosen: Chosen) -> None:
    """Objects on a large picture with their boxes; a click judges one by itself.

    Of a small picture, or of a part of one, nothing is drawn.
    """
    pixels = chosen.picture.pixels
    if chosen.is_part or min(pixels.shape[:2]) < _LEAST:
        return
    st.header("Objects", divider="gray")
    try:
        with slow_work.waiting("Looking for objects…", height=320):
            found = bench().objects.find(pixels)
    except NotMadeError:
        _offer()
    except CifakeError as error:
        st.error(str(error))
        _ask_to_fetch("Get it anew")
    else:
        _show_found(chosen, found)


def _offer() -> None:
    """Say what a detector would add, and offer to get it."""
    weights = bench().objects.weights
    st.info(
        "The networks look at the whole picture. A small detector "
        f"({weights.title}, {weights.num_bytes / 1e6:.1f} MB, {weights.licence}) finds "
        "the objects on it, so that each can be judged and explained by itself. It is "
        f"not on this machine; `{FETCH}` gets it, or the button."
    )
    _ask_to_fetch("Get the detector")


def _ask_to_fetch(words: str) -> None:
    """Button that gets the detector, and the sentence if it cannot be had."""
    if not caller.may("administer"):
        st.caption("An administrator can get it.")
    elif st.button(words, key="analyze_objects_fetch", icon=":material/download:"):
        try:
            with st.spinner("Getting the detector, then checking it…"):
                administered.detector().fetch(by=caller.current())
        except CifakeError as error:
            st.error(str(error))
        else:
            st.rerun()


def _show_found(chosen: Chosen, found: Sequence[DetectedObject]) -> None:
    """Picture with its boxes, and beside it the parts to click."""
    if not found:
        st.caption("The detector finds no object that it knows on this picture.")
        return
    pixels = chosen.picture.pixels
    parts = [_part(chosen, each, number) for number, each in enumerate(found, start=1)]
    told = [
        f"{number}: {each.name}, {percent(each.score)}"
        for number, each in enumerate(found, start=1)
    ]
    drawn = figures.boxed(pixels, found, side=_SIDE)
    st.image(
        drawn,
        width=drawn.shape[1],
        alt=f"The picture with a numbered box around each object: {'; '.join(told)}.",
    )
    st.caption("Click a part to have it judged and explained by itself.")
    thumbnails.show_grid(
        [
            Cell(
                number=place,
                pictures=[
                    Thumbnail(
                        image=bench().prepare(part.picture.pixels).pixels,
                        alt=f"Part {words}.",
                        lines=[words],
                    )
                ],
            )
            for place, (part, words) in enumerate(zip(parts, told, strict=True))
        ],
        key="analyze_objects",
        on_open=partial(visit.open_part, chosen, parts),
    )
    st.caption(
        "The percentages say how sure the detector is of the object, and nothing of "
        "who made the picture. A part is judged at 32x32 pixels, as every picture."
    )


def _part(chosen: Chosen, found: DetectedObject, number: int) -> Chosen:
    """The square about an object, as a picture of its own."""
    return Chosen(
        name=f"{chosen.name}, {number}: {found.name}",
        picture=Picture(
            pixels=found.cut_out(chosen.picture.pixels), format=chosen.picture.format
        ),
        truth=chosen.truth,
        origin=f"Cut out of {chosen.name}",
        is_part=True,
    )
