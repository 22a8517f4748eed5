"""A table whose rows are clicked, or reached and pressed by keyboard.

It is text, which `st.dataframe` paints on a canvas, by a large program of its own that
the browser would have to get and read first.
"""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from cifake_core.ui import frontend

_TABLE = frontend.component("rows")


def show(
    rows: Sequence[Mapping[str, str]],
    *,
    chosen: int | None,
    key: str,
    on_choose: Callable[[int], None],
) -> None:
    """Table; `on_choose` is given the place of a row that is clicked.

    Args:
        rows: all have the columns of the first, whose first is a row's name.
        chosen: the row that stands out.
        key: of the table.
        on_choose: does what a click does.
    """
    _TABLE(
        key=key,
        data={
            "head": list(rows[0]),
            "rows": [list(row.values()) for row in rows],
            "chosen": chosen,
        },
        on_chosen_change=lambda: on_choose(int(st.session_state[key]["chosen"])),
    )
