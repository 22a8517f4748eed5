"""Thumbnail pictures, many of them to a page.

`st.image`, `st.markdown` and `st.button` make of each several elements that the
browser keeps apart, and give each picture a button that enlarges it. Here all of
them are one element.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from cifake_core import figures
from cifake_core.basics.arrays import Rgb
from cifake_core.ui import frontend
from cifake_core.ui.widgets.components import SMALL

_GRID: Final = frontend.component("grid")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Thumbnail:
    """A 32x32 picture to draw small, in words, and what stands below it.

    `image` is (32, 32, 3) uint8, RGB, or None where there is none; `lines` are plain
    text.
    """

    image: Rgb | None
    alt: str
    lines: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Cell:
    """Pictures that are opened by one click, their number, and a line below them."""

    number: int
    pictures: Sequence[Thumbnail]
    line: str = ""


def show(*pictures: Thumbnail, size: int = SMALL) -> None:
    """Pictures side by side, `size` pixels high and wide."""
    drawn = [_element(each) for each in pictures]
    frontend.show("thumbnails.html.jinja", {"pictures": drawn, "size": size})


def show_grid(
    cells: Sequence[Cell], *, key: str, on_open: Callable[[int], None]
) -> None:
    """Cells side by side; `on_open` is given the number of one that is clicked."""
    drawn = [
        {
            "number": cell.number,
            "pictures": [_element(each) for each in cell.pictures],
            "line": cell.line,
        }
        for cell in cells
    ]
    _GRID(
        key=key,
        data={"cells": drawn, "size": SMALL},
        on_opened_change=lambda: on_open(int(st.session_state[key]["opened"])),
    )


def _element(picture: Thumbnail) -> dict[str, object]:
    """A picture as the browser is told of it: its address holds it whole."""
    image = None if picture.image is None else figures.data_uri(picture.image)
    return {"image": image, "alt": picture.alt, "lines": list(picture.lines)}
