"""Charts and other figures with how they are computed beside them."""

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, TypeAlias

import plotly.graph_objects as go
import streamlit as st

from cifake_core.basics.registry import lookup
from cifake_core.figures.computing import COMPUTATIONS

SelectionMode: TypeAlias = Literal["points", "box", "lasso"]

#: How charts are drawn on every page: without a bar of tools.
_CONFIG: Final = {"displayModeBar": False}


def show_chart(  # noqa: PLR0913 - what Plotly and Streamlit ask for: by keyword
    name: str,
    figure: go.Figure,
    *,
    key: str,
    alt: str,
    on_select: Callable[[], None] | None = None,
    selection_mode: SelectionMode | tuple[SelectionMode, ...] = "points",
    width: int | Literal["stretch"] = "stretch",
    config: Mapping[str, Any] | None = None,
) -> None:
    """Chart, and below it how it is computed.

    Args:
        name: of the function of `figures` that made it.
        figure: the chart.
        key: of its widget.
        alt: what it shows, in words, with its figures.
        on_select: called when a mark was chosen; without it nothing can be.
        selection_mode: how marks are chosen.
        width: pixels on the screen, by default all there is room for.
        config: Plotly's, beside that of every page.
    """
    settings = {**_CONFIG, **(config or {})}
    if on_select is None:
        st.plotly_chart(figure, key=key, alt=alt, width=width, config=settings)
    else:
        st.plotly_chart(
            figure,
            key=key,
            alt=alt,
            width=width,
            config=settings,
            on_select=on_select,
            selection_mode=selection_mode,
        )
    show_how(name, key=key)


def show_how(name: str, *, key: str) -> None:
    """Button that opens how a figure is computed: words, formula and source.

    Args:
        name: as in `COMPUTATIONS`.
        key: tells this place from others.
    """
    how = lookup(COMPUTATIONS, name, kind="figure")
    with st.popover(
        "How is this computed?",
        icon=":material/function:",
        type="tertiary",
        key=f"{key}_how",
    ):
        st.markdown(how.words)
        st.latex(how.formula)
        st.caption(f"Source: {how.source}.")
