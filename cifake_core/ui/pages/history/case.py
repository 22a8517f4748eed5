"""One case: texts, notes, its records, and what is done to it."""

from functools import partial

import streamlit as st

from cifake_core.cases.filters import HistoryFilter
from cifake_core.cases.records import Case, Counts
from cifake_core.ui.browse import history_address
from cifake_core.ui.browse.history_address import PAGE, HistoryView
from cifake_core.ui.pages.history import (
    acting,
    case_export,
    case_members,
    joining,
    listing,
)
from cifake_core.ui.services.history import history
from cifake_core.ui.widgets.texts import plain


def show(view: HistoryView, number: int) -> None:
    """The case with this number.

    Raises:
        HistoryError: If it is gone.
    """
    st.button(
        "Back to the cases",
        icon=":material/arrow_back:",
        shortcut="Esc",
        key=f"{PAGE}_close_case",
        on_click=history_address.open_case,
        args=(None,),
    )
    case = history().cases.get(number)
    st.header(plain(case.name), divider="gray")
    _show_facts(case)
    with st.container(horizontal=True, vertical_alignment="center"):
        _ask_state(case)
        if case.is_open:
            _ask_texts(case)
        case_members.ask(case)
        _ask_delete(case)
    case_export.offer(case)
    _ask_tags(case)
    _ask_notes(case)
    if case.num_records:
        within = HistoryView(
            wanted=HistoryFilter(case=case.name), after=view.after, part="cases"
        )
        counts = history().counts(within.wanted)
        with st.container(horizontal=True, vertical_alignment="center"):
            joining.ask_together(within, counts)
            _show_tags(counts)
        listing.show(within, counts)
    else:
        st.info(
            "No record is in this case yet. Open one under *Records*, or filter them, "
            "and put it into the case there."
        )


def _show_facts(case: Case) -> None:
    """What is known of a case."""
    st.caption(
        f"{'Open' if case.is_open else 'Closed'}, begun {case.created:%Y-%m-%d}, "
        f"changed {case.changed:%Y-%m-%d %H:%M} UTC"
    )
    if case.description:
        st.markdown(plain(case.description).replace("\n", "  \n"))


def _ask_tags(case: Case) -> None:
    """Tags of a case itself; those of one that is closed are read alone."""
    if not case.is_open:
        if case.tags:
            st.markdown(f"Tags: {', '.join(map(plain, case.tags))}")
        return
    key = f"tags_{case.id}"
    st.multiselect(
        "Tags of the case",
        sorted({tag for each in history().cases.listing() for tag in each.tags}),
        default=case.tags,
        accept_new_options=True,
        placeholder="Type a new one, or choose one of another case",
        key=f"{PAGE}_{key}",
        on_change=_keep_tags,
        args=(case.id, key),
    )


def _keep_tags(number: int, key: str) -> None:
    """Keep the tags of a case as they are chosen."""
    change = partial(history().cases.change, number)
    acting.act(lambda: change(tags=acting.held(key)))


def _show_tags(counts: Counts) -> None:
    """Tags that its records have."""
    tags = sorted(counts.tags.items(), key=lambda each: (-each[1], each[0]))
    if tags:
        words = ", ".join(f"{plain(name)} ({n:,})" for name, n in tags)
        st.markdown(f"Tags of its records: {words}")


def _ask_state(case: Case) -> None:
    """Close a case, or open it again."""
    cases = history().cases
    if case.is_open:
        close = partial(cases.close, case.id)
        acting.button("Close the case", "close_it", close, icon=":material/lock:")
    else:
        reopen = partial(cases.reopen, case.id)
        acting.button(
            "Open the case again", "reopen", reopen, icon=":material/lock_open:"
        )


def _ask_texts(case: Case) -> None:
    """Ask for another name or description."""
    with st.popover("Name and description…", icon=":material/edit:"):
        name, about = f"name_{case.id}", f"about_{case.id}"
        st.text_input("Name", case.name, key=f"{PAGE}_{name}")
        st.text_area("Description", case.description, key=f"{PAGE}_{about}")
        change = partial(history().cases.change, case.id)
        acting.button(
            "Keep them",
            "texts",
            lambda: change(name=acting.held(name), description=acting.held(about)),
        )


def _ask_delete(case: Case) -> None:
    """Ask whether a case is to be deleted."""
    with st.popover("Delete the case…", icon=":material/delete:"):
        st.markdown(
            f"**Delete {plain(case.name)}?** Its name, description and notes go; "
            "nothing brings them back. Its records stay in the history."
        )
        st.button(
            "Delete the case",
            type="primary",
            icon=":material/delete:",
            key=f"{PAGE}_delete_case",
            on_click=_delete,
            args=(case.id,),
        )


def _delete(number: int) -> None:
    """Delete a case, and show the others."""
    if acting.act(partial(history().cases.delete, number)):
        history_address.open_case(None)


def _ask_notes(case: Case) -> None:
    """Notes on a case; of one that is closed, to be read alone."""
    key, closed = f"notes_{case.id}", not case.is_open
    st.text_area("Notes", case.notes, key=f"{PAGE}_{key}", disabled=closed)
    change = partial(history().cases.change, case.id)
    acting.button(
        "Keep the notes",
        "notes",
        lambda: change(notes=acting.held(key)),
        disabled=closed,
    )
