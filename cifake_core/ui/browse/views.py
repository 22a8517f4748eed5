"""Which view of the test set a page shows: its address says so, a link opens it.

Widgets get their values from there, and write there when somebody moves them.
"""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, Final

import streamlit as st

from cifake_core.evaluation.selection import Selection
from cifake_core.ui.browse.address import FORMERLY, from_query, to_query
from cifake_core.ui.browse.chart_filters import pick
from cifake_core.ui.services.bench import bench

_FIELDS: Final = frozenset((*(each.name for each in fields(Selection)), FORMERLY))


def query(page: str) -> dict[str, str]:
    """Parameters of the page's address; without any, those it last had."""
    if not st.query_params:
        st.query_params.from_dict(st.session_state.get(f"{page}_query", {}))
    return st.query_params.to_dict()


def current(page: str) -> tuple[Selection, tuple[str, ...]]:
    """Page's selection, and a sentence for each bad value in the address."""
    return from_query(
        query(page), networks=bench().all_names(), own_sets=bench().own_sets.names()
    )


def change(page: str, /, **values: Any) -> None:  # noqa: ANN401 - its field's type
    """Show the first page of what is as before but for these fields of the view."""
    go(page, replace(current(page)[0], **({"page": 1} | values)))


def choose(page: str, mark: str) -> None:
    """Show the pictures of a mark, or all if they are on show."""
    go(page, pick(current(page)[0], mark))


def go(page: str, selection: Selection) -> None:
    """Show a selection; what else the address says stays."""
    others = {k: v for k, v in query(page).items() if k not in _FIELDS}
    _write(page, others | to_query(selection))


def put(page: str, /, **others: str | None) -> None:
    """Write parameters into the address that are no part of a selection."""
    kept = {k: v for k, v in query(page).items() if k not in others}
    _write(page, kept | {k: v for k, v in others.items() if v is not None})


def held(page: str, name: str, value: object) -> str:
    """Key of a widget, which shows `value` from now on."""
    key = f"{page}_{name}"
    st.session_state[key] = value
    return key


def moved(page: str, name: str) -> Callable[[], None]:
    """Callback of a widget that was moved: it changes its field of the view."""
    return lambda: change(page, **{name: st.session_state[f"{page}_{name}"]})


def clicked(page: str, key: str) -> Callable[[], None]:
    """Callback of a chart when one of its marks was clicked."""

    def click() -> None:
        points = st.session_state[key]["selection"]["points"]
        if points:
            choose(page, points[0]["customdata"][0])

    return click


def remember(page: str) -> None:
    """Remember the page's address, which a link gave, for when the page is left."""
    st.session_state[f"{page}_query"] = st.query_params.to_dict()


def _write(page: str, parameters: dict[str, str]) -> None:
    """Write the whole address, and remember it for when the page is left."""
    st.query_params.from_dict(parameters)
    st.session_state[f"{page}_query"] = parameters
