"""Adding a data set on the page: where it lies, the work, and what came of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from cifake_core.basics.errors import CifakeError
from cifake_core.data.datasets.adding import DataSetRefusedError
from cifake_core.data.datasets.checks import MIN_PER_LABEL
from cifake_core.ui.browse import views
from cifake_core.ui.pages.datasets import checks, removal
from cifake_core.ui.pages.datasets.listing import PAGE
from cifake_core.ui.services import administered, caller
from cifake_core.ui.widgets import slow_work
from cifake_core.ui.widgets.texts import plain

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

_WAYS: Final = {"path": "A path on this machine", "upload": "Upload a zip"}
_ADDING: Final = f"{PAGE}_adding"
_WANTED: Final = f"{PAGE}_wanted"
_FAILED: Final = f"{PAGE}_failed"
_FORMS: Final = """\
REAL/                 photographs
FAKE/                 fakes of one generator; or instead
<generator>/          a folder for each generator, with its name
UNLABELLED/           if you like: pictures to be labelled here
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Wanted:
    """A set that is to be added."""

    name: str
    path: Path


def explain() -> None:
    """What a data set looks like, and what is done with it."""
    st.markdown("A data set is a folder or a zip that holds folders of pictures:")
    st.code(_FORMS, language=None)
    st.markdown(
        "or a CSV file with the columns `path` and `label` (REAL, FAKE or UNLABELLED), "
        "and if they are known `generator` and `object`.\n\n"
        f"It needs at least {MIN_PER_LABEL} pictures of either label, saved in the "
        "same way: where kind of file, size or compression alone tell the labels "
        "apart, a network would learn that instead. Each picture is brought to 32x32 "
        "pixels, as on all pages. Second copies, files that cannot be read and copies "
        "of CIFAKE's pictures are left out and listed. The others are divided by the "
        "hashes of their files: three fifths to train on, a fifth to validate, and a "
        "fifth that stays sealed until a network is tested on it."
    )


def ask() -> None:
    """Ask for name and place of a new set."""
    name = st.text_input(
        "Name",
        placeholder="for instance: pixart",
        help="Small letters, digits, - and _. Fakes in FAKE/ bear it as generator.",
        max_chars=40,
        key=f"{PAGE}_name",
        width=420,
    ).strip()
    way = st.segmented_control(
        "The pictures come from",
        tuple(_WAYS),
        default="path",
        required=True,
        format_func=_WAYS.__getitem__,
        key=f"{PAGE}_way",
    )
    given = _ask_path() if way == "path" else _ask_zip()
    st.button(
        "Check and add",
        type="primary",
        icon=":material/add:",
        disabled=not name or given is None,
        on_click=_want,
        args=(name, given),
    )


def work() -> None:
    """Add the set that is wanted, with a bar; then open it, or say why not."""
    wanted: _Wanted | None = st.session_state.get(_WANTED)
    if wanted is None:
        return
    sets, who = administered.datasets(), caller.current()
    try:
        card = slow_work.run(
            _ADDING,
            wanted,
            f"Reading and checking {wanted.name}",
            lambda tell: sets.add(wanted.name, wanted.path, by=who, progress=tell),
        )
    except CifakeError as error:
        sets.discard_upload(wanted.path)
        st.session_state[_FAILED] = error
    else:
        if card is None:  # stopped: it can go on
            st.button("Give up", icon=":material/close:", on_click=_give_up)
            return
        views.put(PAGE, set=card.name)
        removal.forget_undo(card.name)
        for field in ("name", "path"):  # the form is there for the next one
            st.session_state[f"{PAGE}_{field}"] = ""
        st.toast(f"The data set {card.name} was added.", icon=":material/check:")
    del st.session_state[_WANTED]
    st.rerun()


def failed() -> bool:
    """Say why the last set was not added; False if there is nothing to say."""
    error: CifakeError | None = st.session_state.get(_FAILED)
    if error is None:
        return False
    st.error(plain(str(error)), icon=":material/block:")
    if isinstance(error, DataSetRefusedError):
        checks.show(error.checks)
    st.button(
        "Understood",
        icon=":material/check:",
        on_click=st.session_state.pop,
        args=(_FAILED, None),
    )
    return True


def _ask_path() -> Path | None:
    """Path of a set, once there is one."""
    place = st.text_input(
        "Path of the folder, zip or CSV file",
        help="On the machine that runs this app. The pictures stay there.",
        key=f"{PAGE}_path",
    ).strip()
    return Path(place) if place else None


def _ask_zip() -> "UploadedFile | None":
    """Zip of a set, once it was uploaded."""
    file = st.file_uploader(
        f"Zip of at most {st.get_option('server.maxUploadSize')} MB",
        type=["zip"],
        key=f"{PAGE}_upload",
    )
    uploads = plain(str(administered.datasets().uploads))
    st.caption(
        f"It is kept on this machine, in {uploads}. Add a larger one by its path."
    )
    return file


def _want(name: str, given: "Path | UploadedFile") -> None:
    """Have a set added from the next run of the page on."""
    for former in (_FAILED, f"{_ADDING}_stopped"):
        st.session_state.pop(former, None)
    try:
        if isinstance(given, Path):
            path = given
        else:
            path = administered.datasets().keep_upload(name, given.getvalue())
    except CifakeError as error:
        st.session_state[_FAILED] = error
    else:
        st.session_state[_WANTED] = _Wanted(name=name, path=path)


def _give_up() -> None:
    """Forget the set that is wanted."""
    wanted: _Wanted = st.session_state.pop(_WANTED)
    try:
        administered.datasets().discard_upload(wanted.path)
    except CifakeError as error:
        st.session_state[_FAILED] = error
