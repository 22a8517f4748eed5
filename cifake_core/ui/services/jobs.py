"""The queue of jobs, which a worker of this server does, and results of scans."""

from pathlib import Path

import streamlit as st

from cifake_core.basics.places import user_data_folder
from cifake_core.jobs.queue.queue import JobQueue
from cifake_core.jobs.scan.results import ScanResults
from cifake_core.ui.services import caller


def queue() -> JobQueue:
    """The queue in the user's database.

    Raises:
        NotAllowedError: If who looks may not.
        UnknownCallerError: If nobody has logged in, or not any more.
    """
    who = caller.expect("jobs", what="jobs")
    return JobQueue(user_data_folder(), who.user)


def expect_server_paths() -> None:
    """Let go on who may name a path of the server, behind which others' files lie.

    Raises:
        NotAllowedError: If who looks may not.
    """
    caller.expect("administer", what="a path of the server")


@st.cache_resource(max_entries=2, show_spinner="Reading the shards…")
def scan(run: Path, shards: int) -> ScanResults:
    """Results of a run of which so many shards are done.

    Raises:
        CifakeError: If a record of it or a shard is damaged.
    """
    del shards  # with more of them there are more results
    return ScanResults(run)
