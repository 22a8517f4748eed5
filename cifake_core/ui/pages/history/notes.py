"""What an analyst does to a record: finding, note, tags, the bin and the way back."""

from functools import partial

import streamlit as st

from cifake_core.cases.filters import HistoryFilter
from cifake_core.cases.records import OPINIONS, HistoryRecord
from cifake_core.ui.browse import history_address
from cifake_core.ui.browse.history_address import PAGE
from cifake_core.ui.pages.history import acting
from cifake_core.ui.pages.history.filters import FINDINGS
from cifake_core.ui.services.history import history
from cifake_core.ui.widgets.texts import plain


def ask_finding(record: HistoryRecord) -> None:
    """The analyst's finding, which stands beside the decision and never replaces it."""
    found = record.finding
    with st.container(border=True):
        st.markdown("**Your finding**, beside the machine's")
        if found is not None:
            st.markdown(f"{FINDINGS[found.opinion]}: {plain(found.reason)}")
            st.caption(f"On {found.moment:%Y-%m-%d %H:%M} UTC")
        opinion = st.segmented_control(
            "It is",
            OPINIONS,
            default=found.opinion if found else None,
            format_func=FINDINGS.__getitem__,
            key=f"{PAGE}_opinion_{record.id}",
        )
        st.text_area(
            "Reason",
            value=found.reason if found else "",
            key=f"{PAGE}_reason_{record.id}",
        )
        find = partial(history().annotations.find, record.id)
        acting.button(
            "Keep the finding",
            "find",
            lambda: find(
                acting.held(f"opinion_{record.id}"),
                reason=acting.held(f"reason_{record.id}"),
            ),
            disabled=opinion is None,
        )
        if found is not None:
            acting.button("Take it back", "unfind", partial(find, None))


def ask_note(record: HistoryRecord) -> None:
    """Note on a record."""
    key = f"note_{record.id}"
    st.text_area("Note", value=record.note, key=f"{PAGE}_{key}")
    keep = history().annotations.note
    acting.button("Keep the note", "note", lambda: keep(record.id, acting.held(key)))


def ask_tags(record: HistoryRecord) -> None:
    """Tags of a record."""
    annotations = history().annotations
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = f"tag_{record.id}"
        st.text_input("Another tag", key=f"{PAGE}_{key}", width=260)
        acting.button(
            "Add the tag",
            "add_tag",
            lambda: annotations.tag([record.id], acting.held(key)),
        )
        for name in record.tags:
            take = partial(annotations.untag, [record.id], name)
            acting.button(f"Take off: {plain(name)}", f"untag_{name}", take)


def ask_bin(record: HistoryRecord) -> None:
    """Way into the bin, or out of it."""
    if record.binned is None:
        st.button(
            "Put into the bin",
            icon=":material/delete:",
            key=f"{PAGE}_bin",
            on_click=acting.put_in_bin,
            args=([record.id],),
        )
        return
    st.markdown(f"It lies in the bin since {record.binned:%Y-%m-%d %H:%M} UTC.")
    st.button(
        "Take it out of the bin",
        icon=":material/restore_from_trash:",
        key=f"{PAGE}_restore",
        on_click=acting.restore,
        args=([record.id],),
    )


def ask_purge() -> None:
    """Ask whether all that lies in the bin is to be deleted for good."""
    inside = history().counts(HistoryFilter(in_bin=True)).total
    with st.popover("Empty the bin…", icon=":material/delete_forever:"):
        st.markdown(
            f"**Delete {inside:,} {'record' if inside == 1 else 'records'} for good?** "
            "Pictures and all that was noted go; nothing brings them back."
        )
        st.button(
            "Delete for good",
            type="primary",
            icon=":material/delete_forever:",
            key=f"{PAGE}_purge",
            disabled=not inside,
            on_click=_purge,
        )


def _purge() -> None:
    """Delete what lies in the bin."""
    if acting.act(history().bin.purge):
        history_address.choose(in_bin=None)
