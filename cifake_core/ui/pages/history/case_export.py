"""Export of a case: one zip with its table, pictures, reports and hashes."""

import re
from datetime import datetime
from typing import Final

import streamlit as st

from cifake_core.basics.progress import ProgressCallback
from cifake_core.cases.filters import HistoryFilter
from cifake_core.cases.records import Case
from cifake_core.ui.browse.history_address import PAGE
from cifake_core.ui.services.bench import bench
from cifake_core.ui.services.history import history
from cifake_core.ui.widgets import guards, slow_work
from cifake_core.workbench.case_reports import MOST_REPORTS, case_reports

_ASKED: Final = f"{PAGE}_zip_asked"
_MADE: Final = f"{PAGE}_zip"
_NO_LETTERS: Final = re.compile(r"[^\w.-]+")


def offer(case: Case) -> None:
    """Offer a case as one zip, made when it is asked for."""
    with st.expander("Export as one zip", icon=":material/folder_zip:"):
        st.markdown(
            "It opens in any browser, without a network: a page, a table, the "
            "pictures, and the SHA-256 of every file."
        )
        with_reports = st.checkbox(
            "With a report on each picture, by today's networks",
            value=True,
            key=f"{PAGE}_zip_reports",
            help="With a heat map that is tested against chance; some seconds each.",
        )
        if case.num_records > MOST_REPORTS and with_reports:
            st.caption(
                f"The newest {MOST_REPORTS} of {case.num_records:,} records get a "
                "report; all are in the table."
            )
        # what is in it changes with the case, and with its records, which tell nothing
        key = (case.id, with_reports)
        st.button(
            "Make the zip",
            key=f"{PAGE}_zip_make",
            on_click=_ask,
            args=(key,),
        )
        if st.session_state.get(_ASKED) == key:
            with guards.told():
                _make(case, key)
        made = st.session_state.get(_MADE)
        if made and made[0] == key:
            _offer_download(case, *made[1:])


def _ask(key: tuple[int, bool]) -> None:
    """Note which zip is to be made, and forget the last one."""
    st.session_state[_ASKED] = key
    st.session_state.pop(_MADE, None)


def _make(case: Case, key: tuple[int, bool]) -> None:
    """Make the zip that was asked for."""
    text = "Making the zip"

    def work(progress: ProgressCallback) -> bytes:
        reports = {}
        if key[1]:
            page = history().page(HistoryFilter(case=case.name), limit=MOST_REPORTS)
            today = datetime.now().astimezone().date()
            reports = dict(
                case_reports(bench(), page.records, made=today, progress=progress)
            )
        return history().export_case(case.id, reports)

    made = slow_work.run(f"{PAGE}_zip_work", key, text, work)
    if made is not None:
        st.session_state[_MADE] = (key, made, f"{datetime.now().astimezone():%H:%M}")
        del st.session_state[_ASKED]


def _offer_download(case: Case, file: bytes, when: str) -> None:
    """Offer the zip that was made."""
    name = _NO_LETTERS.sub("-", case.name).strip("-.") or "case"
    st.download_button(
        f"Download the zip ({len(file) / 1e6:.1f} MB)",
        file,
        file_name=f"{name}.zip",
        mime="application/zip",
        key=f"{PAGE}_zip_download",
        icon=":material/download:",
        on_click="ignore",
    )
    st.caption(f"As the case was at {when}; make it anew after a change.")
