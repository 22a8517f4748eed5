"""Thumbnail pictures, many of them to a page.

`st.image`, `st.markdown` and `st.button` make of each several elements that the
browser keeps apart, and give each picture a button that enlarges it. Here all of
them are one element.
"""

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from cifake_core import figures
from cifake_core.basics.arrays import Rgb
from cifake_core.ui.widgets.components import SMALL

#: Room for the words below a picture that is opened by a click.
_WIDE: Final = 144

_GRID = st.components.v2.component(
    "cifake_grid",
    html='<div class="cifake-grid"></div>',
    css="""
.cifake-grid { display: flex; flex-wrap: wrap; gap: 0.75rem; }
.cifake-grid button {
    padding: 0.5rem;
    color: inherit;
    background: none;
    border: 1px solid var(--st-border-color);
    border-radius: var(--st-base-radius);
    font: inherit;
    text-align: left;
    cursor: pointer;
}
.cifake-grid button:is(:hover, :focus-visible) {
    border-color: var(--st-primary-color);
    outline: 1px solid var(--st-primary-color);
}
""",
    js="""
export default function ({ data, parentElement, setTriggerValue }) {
    const buttons = data.map(({ number, html }) => {
        const button = document.createElement("button");
        button.type = "button";
        button.innerHTML = html;
        button.onclick = () => setTriggerValue("opened", number);
        return button;
    });
    parentElement.querySelector(".cifake-grid").replaceChildren(...buttons);
}
""",
    isolate_styles=False,  # the app's font, and its tests see the pictures
)


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
    drawn = "".join(_html(each, size=size, width=size) for each in pictures)
    row = "display: flex; flex-wrap: wrap; gap: 1rem"
    st.html(f'<div style="{row}">{drawn}</div>')


def _cell_html(cell: Cell) -> str:
    """A cell of the grid: its pictures, and the line below them if there is one."""
    pictures = [_html(each, size=SMALL, width=_WIDE) for each in cell.pictures]
    line = f"<div>{html.escape(cell.line)}</div>" if cell.line else ""
    return "".join((*pictures, line))


def show_grid(
    cells: Sequence[Cell], *, key: str, on_open: Callable[[int], None]
) -> None:
    """Cells side by side; `on_open` is given the number of one that is clicked."""
    drawn = [{"number": cell.number, "html": _cell_html(cell)} for cell in cells]
    _GRID(
        key=key,
        data=drawn,
        on_opened_change=lambda: on_open(int(st.session_state[key]["opened"])),
    )


def _html(picture: Thumbnail, *, size: int, width: int) -> str:
    """Picture with its lines; the browser makes a block of each pixel."""
    image = ""
    if picture.image is not None:
        image = (
            f'<img src="{figures.data_uri(picture.image)}" '
            f'alt="{html.escape(picture.alt)}" width="{size}" height="{size}" '
            'style="display: block; image-rendering: pixelated">'
        )
    lines = "<br>".join(map(html.escape, picture.lines))
    box = f"display: inline-block; width: {width}px; vertical-align: top"
    return f'<span style="{box}">{image}<span>{lines}</span></span>'
