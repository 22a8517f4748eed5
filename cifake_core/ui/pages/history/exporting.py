"""Export of the history: exactly what is filtered, as a file."""

from functools import partial
from typing import Final

import streamlit as st

from cifake_core.cases.records import Counts
from cifake_core.ui.browse.history_address import PAGE, HistoryView
from cifake_core.ui.services.history import history
from cifake_core.workbench.history import MOST_EXPORTED, Format

#: Name and media type of each kind of file.
_KINDS: Final[dict[Format, tuple[str, str]]] = {
    "csv": ("CSV", "text/csv"),
    "jsonl": ("JSON Lines", "application/jsonl"),
    "parquet": ("Parquet", "application/vnd.apache.parquet"),
}


def ask(view: HistoryView, counts: Counts) -> None:
    """Offer the records of a view as files, all pages of them."""
    with st.popover("Export…", icon=":material/download:", disabled=not counts.total):
        st.markdown(_extent(counts))
        for kind, (title, media) in _KINDS.items():
            st.download_button(
                title,
                partial(history().export, view.wanted, kind),
                file_name=f"history.{kind}",
                mime=media,
                key=f"{PAGE}_export_{kind}",
                on_click="ignore",
            )


def _extent(counts: Counts) -> str:
    """Sentence on how many records a file has, and whether some are left out."""
    if counts.total > MOST_EXPORTED:
        return (
            f"The newest {MOST_EXPORTED:,} of {counts.total:,} records; the others are "
            "left out. Choose fewer, such as those of a month, to get them."
        )
    if counts.capped:
        return (
            f"All records that match, at least {counts.total:,}; of more than "
            f"{MOST_EXPORTED:,} the newest ones."
        )
    if counts.total == 1:
        return "The one record that matches."
    return f"All {counts.total:,} records that match."
