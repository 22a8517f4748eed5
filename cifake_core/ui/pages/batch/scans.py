"""Run of a scan, opened by the path of its folder: its report and its results."""

from pathlib import Path

import streamlit as st

from cifake_core.jobs.scan.report import ScanReport, report
from cifake_core.ui.browse import batch_address, views
from cifake_core.ui.browse.batch_address import PAGE
from cifake_core.ui.pages.batch import results
from cifake_core.ui.services import jobs
from cifake_core.ui.widgets.texts import plain


def opened() -> Path | None:
    """Folder of the run that the address opens."""
    run = views.query(PAGE).get("scan")
    return Path(run).expanduser() if run else None


def show(run: Path) -> None:
    """The report on a run, and its results so far."""
    jobs.expect_server_paths()
    st.header(plain(f"Scan {run.name}"), divider="gray")
    found = report(run)
    st.caption(plain(_summary(found)))
    st.button(
        "Close the scan",
        icon=":material/close:",
        key=f"{PAGE}_close",
        on_click=batch_address.open_job,
        args=(None,),
    )
    if not found.pictures:
        st.info(
            "No shard is done yet. `python -m cifake_core scan run RUN` does them; "
            "then open the scan again."
        )
        return
    is_whole = found.shards == found.plan.num_shards
    results.show(jobs.scan(run, found.shards), at_work=not is_whole)


def _summary(found: ScanReport) -> str:
    """Words for a scan."""
    plan = found.plan
    return (
        f"{found.pictures:,} of {plan.num_items:,} files of {plan.place}, in "
        f"{found.shards:,} of {plan.num_shards:,} shards; {found.errors:,} not judged. "
        f"The networks disagree on {found.disagreement:,}. {found.rate:,.0f} a second."
    )
