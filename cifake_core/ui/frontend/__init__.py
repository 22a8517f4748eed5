"""HTML, CSS and JavaScript of the pages, in files of their own.

A component is a script that builds its elements from data, as text. What Python draws
as HTML comes from Jinja2 templates, which escape whatever is put into them.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import streamlit as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from streamlit.components.v2.types import ComponentRenderer

_FOLDER: Final = Path(__file__).parent
_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(_FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def component(name: str) -> ComponentRenderer:
    """A Streamlit component made of `<name>.html`, `<name>.css` and `<name>.js`.

    Its styles are not isolated: it has the app's font and colours.
    """
    html, css, js = (
        (_FOLDER / f"{name}.{kind}").read_text("utf-8")
        for kind in ("html", "css", "js")
    )
    return st.components.v2.component(
        f"cifake_{name}", html=html, css=css, js=js, isolate_styles=False
    )


def show(template: str, values: Mapping[str, object]) -> None:
    """A template of this folder on the page, filled with values."""
    st.html(_TEMPLATES.get_template(template).render(values))
