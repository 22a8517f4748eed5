"""Job that is open: how far it is, how it is stopped and goes on, and its results."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from cifake_core.basics.places import user_data_folder
from cifake_core.jobs.queue.queue import JobQueue
from cifake_core.jobs.queue.records import RESUMABLE, JobMissingError, QueuedJob
from cifake_core.jobs.queue.results import JobResults
from cifake_core.ui.browse.batch_address import PAGE
from cifake_core.ui.pages.batch import listing, results, saying
from cifake_core.ui.services.jobs import queue
from cifake_core.ui.widgets import guards
from cifake_core.ui.widgets.texts import plain

#: Seconds between two looks at a job that is at work.
_EVERY: Final = 2.0


def show(job: QueuedJob) -> None:
    """The job and its results, drawn anew as they come."""
    st.header(plain(job.name), divider="gray")
    if job.is_at_work:
        _watch(job.id)
    else:
        _show(job)


@st.fragment(run_every=_EVERY)
def _watch(number: str) -> None:
    """The job at work; the whole page once it has ended."""
    guards.expect_still("jobs")
    try:
        job = queue().get(number)
    except JobMissingError:  # deleted elsewhere
        st.rerun()
    if not job.is_at_work:
        st.rerun()
    saying.tell()
    _show(job)


def _show(job: QueuedJob) -> None:
    """How far the job is, and its results."""
    if job.state == "failed":
        st.error(plain(job.sentence), icon=":material/error:")
    if job.state != "done":
        st.progress(job.share, plain(_words(job)))
    else:
        st.caption(_summary(job))
    with st.container(horizontal=True, vertical_alignment="center"):
        _offer(job)
        listing.ask_removal(job)
    if job.done:
        results.show(JobResults(user_data_folder(), job), at_work=job.is_at_work)
    elif job.is_at_work:
        st.info("Results appear here as they come; the page may be left meanwhile.")


def _offer(job: QueuedJob) -> None:
    """Buttons that stop the job, or let it go on."""
    if job.is_at_work:
        _button("Pause", "pause", JobQueue.pause, job)
    if job.state in RESUMABLE:
        _button("Go on", "play_arrow", JobQueue.resume, job)
    if job.is_at_work or job.state == "paused":
        _button("Cancel", "stop", JobQueue.cancel, job)


def _button(
    label: str, icon: str, do: Callable[[JobQueue, str], object], job: QueuedJob
) -> None:
    """One of the buttons."""
    st.button(
        label,
        icon=f":material/{icon}:",
        key=f"{PAGE}_{icon}",
        on_click=_act,
        args=(do, job.id),
    )


def _act(do: Callable[[JobQueue, str], object], job: str) -> None:
    """Do what a button asks for."""
    saying.act(lambda: do(queue(), job))


def _words(job: QueuedJob) -> str:
    """Words beside the bar: state, figures, time left."""
    state = listing.STATES[job.state]
    words = f"{state[0].upper()}{state[1:]}"
    if not job.is_listed:
        return f"{words}: {job.total:,} files found so far" if job.total else words
    words += f": {job.done:,} of {job.total:,}, {job.share:.0%}"
    if job.errors:
        words += f", {job.errors:,} not judged"
    return words + (_left(job.seconds_left) if job.state == "running" else "")


def _left(seconds: float | None) -> str:
    """Words for the time that is left, where it is known."""
    if seconds is None:
        return ""
    minutes = round(seconds / 60)
    if minutes < 1:
        return ", less than a minute left"
    if minutes < 90:
        return f", about {minutes} minute{'s' * (minutes != 1)} left"
    return f", about {minutes / 60:.1f} hours left"


def _summary(job: QueuedJob) -> str:
    """Words for a job that is done."""
    rate = f", {job.done / job.seconds:,.0f} a second" if job.seconds else ""
    version = f" by version {job.made_with.version}" if job.made_with else ""
    return (
        f"{job.done:,} file{'s' * (job.done != 1)} judged{version} in "
        f"{job.seconds:,.1f} s{rate}; queued "
        f"{job.created.astimezone():%Y-%m-%d %H:%M}."
    )
