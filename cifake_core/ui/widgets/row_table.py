"""A table whose rows are clicked, or reached and pressed by keyboard.

It is text, which `st.dataframe` paints on a canvas, by a large program of its own that
the browser would have to get and read first.
"""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

_TABLE = st.components.v2.component(
    "cifake_rows",
    html='<div class="cifake-rows"><table></table></div>',
    css="""
.cifake-rows { overflow-x: auto; }
.cifake-rows table { width: 100%; border-collapse: collapse; }
.cifake-rows :is(th, td) {
    padding: 0.4rem 0.75rem;
    border: 1px solid var(--st-border-color);
    text-align: left;
}
.cifake-rows tbody tr { cursor: pointer; }
.cifake-rows tbody tr:is(:hover, .chosen) {
    background: var(--st-secondary-background-color);
}
.cifake-rows tr.chosen { font-weight: bold; }
.cifake-rows button {
    all: unset;
    text-decoration: underline;
    text-underline-offset: 0.2em;
}
.cifake-rows button:focus-visible { outline: 2px solid var(--st-primary-color); }
""",
    js="""
export default function ({ data, parentElement, setTriggerValue }) {
    const { head, rows, chosen } = data;
    const table = document.createElement("table");
    const line = (parent, cells, kind) => {
        const row = parent.insertRow();
        for (const each of cells) {
            row.appendChild(document.createElement(kind)).textContent = each;
        }
        return row;
    };
    line(table.createTHead(), head, "th");
    const body = table.createTBody();
    rows.forEach(([name, ...others], number) => {
        const row = line(body, ["", ...others], "td");
        row.onclick = () => setTriggerValue("chosen", number);
        row.className = number === chosen ? "chosen" : "";
        const button = row.cells[0].appendChild(document.createElement("button"));
        button.textContent = name;
        button.ariaPressed = number === chosen;
    });
    const before = parentElement.querySelector("table");
    const focused = [...before.querySelectorAll("button")].indexOf(
        document.activeElement
    );
    before.replaceWith(table);
    table.querySelectorAll("button")[focused]?.focus();
}
""",
    isolate_styles=False,  # the app's font
)


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
