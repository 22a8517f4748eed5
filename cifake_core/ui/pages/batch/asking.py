"""Asking for many pictures: uploaded, or by a path on this machine."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from cifake_core.basics.places import user_data_folder
from cifake_core.jobs.queue.intake import FOLDER
from cifake_core.jobs.scan.records import PLAN_FILE
from cifake_core.ui.browse import batch_address
from cifake_core.ui.browse.batch_address import PAGE
from cifake_core.ui.pages.batch import saying
from cifake_core.ui.services import caller
from cifake_core.ui.services.jobs import expect_server_paths, queue
from cifake_core.ui.widgets.texts import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streamlit.runtime.uploaded_file_manager import UploadedFile

_WAYS: Final = {"upload": "Upload", "path": "A path on this machine"}
#: How often something was queued: each time the fields are new ones, and empty.
_ROUND: Final = f"{PAGE}_round"


def ask() -> None:
    """Ask for pictures, and queue them."""
    if not caller.may("administer"):  # else others' files on the server are theirs
        _ask_files(st.session_state.get(_ROUND, 0))
        return
    way = st.segmented_control(
        "The pictures come from",
        tuple(_WAYS),
        default="upload",
        required=True,
        format_func=_WAYS.__getitem__,
        key=f"{PAGE}_way",
        persist_state="session",
    )
    number = st.session_state.get(_ROUND, 0)
    if way == "path":
        _ask_path(number)
    else:
        _ask_files(number)


def _ask_files(number: int) -> None:
    """Ask for files, or one zip."""
    given = st.file_uploader(
        "Many pictures, or one zip of pictures, up to "
        f"{st.get_option('server.maxUploadSize')} MB each",
        accept_multiple_files=True,
        key=f"{PAGE}_upload_{number}",
    )
    _offer("Judge them", _queue_files, given)
    kept = plain(str(user_data_folder() / FOLDER))
    st.caption(
        f"They are kept on this machine, in {kept}, until you delete the job, so that "
        "it goes on after a restart. Nothing is sent anywhere. Of larger zips and "
        "folders name the path."
    )


def _ask_path(number: int) -> None:
    """Ask for a folder, a zip or a scan's run."""
    place = st.text_input(
        "Path of a folder or a zip, or of the run of a scan",
        placeholder="for instance: /home/ann/pictures",
        key=f"{PAGE}_path_{number}",
    ).strip()
    _offer("Judge them", _queue_place, place)
    st.caption(
        "On the machine that runs this app. The pictures stay where they are: with "
        "each result a copy at 32x32 pixels is kept, until you delete the job. A run "
        "of `scan` is opened as it is."
    )


def _offer(label: str, do: Callable[[Any], None], given: object) -> None:
    """The button that queues what is given, once something is."""
    st.button(
        label,
        type="primary",
        icon=":material/playlist_add:",
        disabled=not given,
        key=f"{PAGE}_queue",
        on_click=do,
        args=(given,),
    )


def _queue_files(files: "Sequence[UploadedFile]") -> None:
    """Queue uploads."""
    saying.act(
        lambda: _open(queue().add_files([(each.name, each) for each in files]).id)
    )


def _queue_place(place: str) -> None:
    """Queue a place, or open a scan."""
    saying.act(lambda: _begin_place(place))


def _begin_place(place: str) -> None:
    """Queue a place, or open a scan, for who may."""
    expect_server_paths()
    if (Path(place).expanduser() / PLAN_FILE).is_file():
        batch_address.open_scan(place)
    else:
        _open(queue().add_place(place).id)


def _open(job: str) -> None:
    """Open a job that was queued; the fields are empty for the next one."""
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    batch_address.open_job(job)
