"""HTML, CSS and JavaScript of the pages, in files of their own.

A component is a script that builds its elements from data, as text. What Python draws
as HTML comes from Jinja2 templates, which escape whatever is put into them.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

import streamlit as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from streamlit.components.v2.types import ComponentRenderer

#: Key of a container that stays at the top of the window while one scrolls.
IN_SIGHT: Final = "in_sight"
_FOLDER: Final = Path(__file__).parent
#: Libraries as their makers released them, each with its licence.
_VENDOR: Final = _FOLDER / "vendor"
#: How a module ends that exports one thing.
_EXPORT: Final = re.compile(r"export\{(\w+) as (\w+)\};\s*\Z")
_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(_FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def component(name: str, *, library: str | None = None) -> ComponentRenderer:
    """A Streamlit component made of `<name>.html`, `<name>.css` and `<name>.js`.

    Its styles are not isolated: it has the app's font and colours.

    Args:
        name: of its files.
        library: a module in the folder `vendor`, with styles; the script has what it
            exports, under that name.
    """
    html, css, js = (
        (_FOLDER / f"{name}.{kind}").read_text("utf-8")
        for kind in ("html", "css", "js")
    )
    if library is not None:
        css = (_VENDOR / f"{library}.css").read_text("utf-8") + css
        js = (
            _EXPORT.sub(
                r"const \2 = \1;\n", (_VENDOR / f"{library}.js").read_text("utf-8")
            )
            + js
        )
    return st.components.v2.component(
        f"cifake_{name}", html=html, css=css, js=js, isolate_styles=False
    )


def render(template: str, values: Mapping[str, object]) -> str:
    """A template of this folder, filled with values, as a page of its own."""
    return _TEMPLATES.get_template(template).render(values)


def show(
    template: str,
    values: Mapping[str, object],
    *,
    width: Literal["stretch", "content"] = "stretch",
) -> None:
    """A template of this folder on the page, filled with values."""
    st.html(render(template, values), width=width)
