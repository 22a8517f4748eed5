"""Jobs that there are, of which a click opens one; deletion, and the way back."""

from typing import Final

import streamlit as st

from cifake_core.jobs.queue.records import QueuedJob, State
from cifake_core.ui.browse import batch_address
from cifake_core.ui.browse.batch_address import PAGE
from cifake_core.ui.pages.batch import saying
from cifake_core.ui.services.jobs import queue
from cifake_core.ui.widgets import row_table
from cifake_core.ui.widgets.texts import plain

_REMOVED: Final = f"{PAGE}_removed"
#: Jobs of the table, the newest.
_MOST: Final = 50
STATES: Final[dict[State, str]] = {
    "queued": "waits for its turn",
    "running": "at work",
    "paused": "paused",
    "done": "done",
    "failed": "failed",
    "cancelled": "cancelled",
}


def jobs() -> list[QueuedJob]:
    """The newest jobs."""
    return queue().listing(_MOST)


def show(found: list[QueuedJob], opened: QueuedJob | None) -> None:
    """A line for each job; a click on one opens it."""
    ids = [job.id for job in found]
    is_listed = opened is not None and opened.id in ids
    row_table.show(
        [_line(job) for job in found],
        chosen=ids.index(opened.id) if is_listed and opened else None,
        key=f"{PAGE}_listing",
        on_choose=lambda number: batch_address.open_job(ids[number]),
    )


def ask_removal(job: QueuedJob) -> None:
    """Ask whether a job is to be deleted."""
    with st.popover("Delete this job…", icon=":material/delete:"):
        kept = (
            "The pictures themselves stay where they are."
            if job.kind == "place"
            else "The pictures that were uploaded for it go, too."
        )
        st.markdown(
            f"**Delete {plain(job.name)} with its results?** {kept} For an hour it can "
            "be brought back, then all of it is deleted for good."
        )
        st.button(
            "Delete it",
            type="primary",
            icon=":material/delete:",
            key=f"{PAGE}_remove",
            on_click=_remove,
            args=(job.id, job.name),
        )


def show_undo() -> None:
    """Say which job was deleted last in this visit, with the way back."""
    if _REMOVED not in st.session_state:
        return
    job, name = st.session_state[_REMOVED]
    row = st.container(horizontal=True, vertical_alignment="center")
    row.info(plain(f"The job {name} was deleted."))
    row.button(
        "Undo",
        icon=":material/undo:",
        key=f"{PAGE}_undo",
        on_click=_restore,
        args=(job,),
    )


def _remove(job: str, name: str) -> None:
    """Delete a job."""
    if saying.act(lambda: queue().remove(job)):
        st.session_state[_REMOVED] = job, name
        batch_address.open_job(None)


def _restore(job: str) -> None:
    """Bring a job back."""
    del st.session_state[_REMOVED]
    if saying.act(lambda: queue().restore(job)):
        batch_address.open_job(job)


def _line(job: QueuedJob) -> dict[str, str]:
    """One line of the table."""
    return {
        "Pictures": job.name,
        "Queued": f"{job.created.astimezone():%Y-%m-%d %H:%M}",
        "State": STATES[job.state],
        "Done": f"{job.done:,} of {job.total:,}" if job.is_listed else "",
        "Not judged": f"{job.errors:,}",
    }
