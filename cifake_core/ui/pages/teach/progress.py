"""Jobs on the page: how far the one at work is, and what others have left."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from cifake_core.ui.browse.teach_address import PAGE
from cifake_core.ui.pages.teach import acting
from cifake_core.ui.services import administered, caller
from cifake_core.ui.services.teaching import retraining
from cifake_core.ui.widgets import guards
from cifake_core.ui.widgets.texts import plain
from cifake_core.workbench.job_records import Job

#: Seconds between two looks at a job.
_EVERY: Final = 1.0
_STATES: Final = {
    "preparing": "preparing",
    "training": "training",
    "finishing": "finishing",
    "paused": "paused",
    "stopping": "stopping",
}


def show(jobs: Sequence[Job]) -> None:
    """Job at work with its bar, and those that ended without a candidate."""
    for job in jobs:
        if job.is_at_work:
            _watch()
        elif job.state in ("stopped", "killed", "failed") and not _is_checked(job):
            _show_ended(job)


def _is_checked(job: Job) -> bool:
    """Whether a check at the gate has left its report, however its process ended."""
    number = job.order.version
    if number is None:
        return False
    found = {each.number: each for each in administered.versions().listing()}
    return number not in found or found[number].gate is not None


@st.fragment(run_every=_EVERY)
def _watch() -> None:
    """The job at work, drawn anew each second; the whole page once it has ended."""
    guards.expect_still("administer")
    job = next((each for each in retraining().jobs() if each.is_at_work), None)
    if job is None:
        st.rerun()
    state = _STATES[job.state]
    if job.order.version is not None and job.state != "stopping":
        state = "comparing"
    words = plain(f"{job.order.in_words}: {state}")
    with st.container(border=True):
        st.progress(job.share, f"{words}, {job.share:.0%}{_left(job)}")
        if job.sentence:
            st.caption(plain(job.sentence))
        _offer(job)


def _offer(job: Job) -> None:
    """Buttons of a job at work."""
    row = st.container(horizontal=True)
    if job.state == "paused":
        row.button(
            "Go on",
            key=f"{PAGE}_go_on",
            icon=":material/play_arrow:",
            on_click=lambda: acting.act(
                lambda: retraining().go_on(job.order, by=caller.current())
            ),
        )
    if job.state == "training":
        row.button(
            "Pause",
            key=f"{PAGE}_pause",
            icon=":material/pause:",
            on_click=lambda: acting.act(lambda: retraining().pause(job.order)),
        )
    check = job.order.version is not None
    if job.state != "stopping" and (check or job.state != "preparing"):
        row.button(
            "Stop",
            key=f"{PAGE}_stop",
            icon=":material/stop:",
            on_click=lambda: acting.act(lambda: retraining().stop(job.order)),
            help="It can be checked again later, from the beginning."
            if check
            else "What was learnt up to the last finished epoch stays: it can go on "
            "later.",
        )


def _show_ended(job: Job) -> None:
    """A job that ended before its time, and the ways on from there."""
    how = {
        "stopped": "was stopped",
        "killed": "ended without a word: its process is gone",
        "failed": "failed",
    }[job.state]
    with st.container(border=True):
        st.markdown(f":material/stop_circle: **{plain(job.order.in_words)} {how}.**")
        if job.sentence and job.state != "stopped":
            st.markdown(plain(job.sentence))
        row = st.container(horizontal=True)
        row.button(
            "Go on" if job.order.version is None else "Check again",
            key=f"{PAGE}_resume_{_key(job)}",
            icon=":material/play_arrow:",
            type="primary",
            on_click=lambda: acting.act(
                lambda: retraining().go_on(job.order, by=caller.current())
            ),
        )
        row.button(
            "Discard",
            key=f"{PAGE}_discard_{_key(job)}",
            icon=":material/delete:",
            on_click=lambda: acting.act(
                lambda: retraining().discard(job.order), done="It was discarded."
            ),
        )


def _key(job: Job) -> str:
    """What tells the buttons of one job from those of another."""
    return "gate" if job.order.version is not None else job.order.network


def _left(job: Job) -> str:
    """Words for the time that training still takes; choosing and checks follow."""
    if job.seconds_left is None or job.state != "training":
        return ""
    minutes = round(job.seconds_left / 60)
    if minutes < 1:
        return ", less than a minute of training left"
    return f", about {minutes} minute{'s' * (minutes != 1)} of training left"
