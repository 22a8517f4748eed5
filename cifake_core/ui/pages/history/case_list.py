"""List of cases, and the way to a new one; the choice between cases and records."""

from typing import Final

import streamlit as st

from cifake_core.cases.records import Case
from cifake_core.ui.browse import history_address, views
from cifake_core.ui.browse.history_address import PAGE, HistoryView
from cifake_core.ui.pages.history import acting
from cifake_core.ui.services.history import history
from cifake_core.ui.widgets import row_table

_TITLES: Final = {"records": "Records", "cases": "Cases"}
#: Letters of a description in the list.
_SHORT: Final = 120


def ask_part(view: HistoryView) -> None:
    """Ask whether to show records or cases."""
    key = views.held(PAGE, "part", view.part)
    st.segmented_control(
        "Show",
        list(_TITLES),
        format_func=_TITLES.__getitem__,
        required=True,
        key=key,
        on_change=lambda: history_address.open_part(st.session_state[key]),
        label_visibility="collapsed",
    )


def show() -> None:
    """Every case, open ones first, and what begins a new one."""
    cases = history().cases.listing()
    if cases:
        st.caption("Open cases first, and the last changed. A click on one opens it.")
        row_table.show(
            [_row(each) for each in cases],
            chosen=None,
            key=f"{PAGE}_cases",
            on_choose=lambda place: history_address.open_case(cases[place].id),
        )
    else:
        st.info(
            "There is no case yet. A case holds records that belong together, with "
            "notes, and goes into one zip. Begin one here, then put records into it."
        )
    with st.form(f"{PAGE}_new_case", width=640):
        st.markdown("**A new case**")
        st.text_input("Name", key=f"{PAGE}_new_name")
        st.text_area("Description", key=f"{PAGE}_new_description")
        st.form_submit_button(
            "Begin the case", icon=":material/create_new_folder:", on_click=_begin
        )


def _row(case: Case) -> dict[str, str]:
    """Line of a case."""
    short = " ".join(case.description.split())
    return {
        "Case": case.name,
        "State": "open" if case.is_open else "closed",
        "Records": f"{case.num_records:,}",
        "Tags": ", ".join(case.tags),
        "Changed (UTC)": f"{case.changed:%Y-%m-%d %H:%M}",
        "Description": short if len(short) <= _SHORT else f"{short[:_SHORT]}…",
    }


def _begin() -> None:
    """Begin a case, and open it."""

    def begin() -> None:
        case = history().cases.create(
            st.session_state[f"{PAGE}_new_name"],
            description=st.session_state[f"{PAGE}_new_description"],
        )
        history_address.open_case(case.id)

    acting.act(begin)
