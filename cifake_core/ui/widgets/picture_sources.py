"""The five ways in which a picture comes into the app."""

import secrets

import streamlit as st

from cifake_core.basics.errors import CifakeError
from cifake_core.pictures.reading import MAX_BYTES
from cifake_core.ui.services import samples, visit
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import components, judged_before, texts

_TYPES = ["jpg", "jpeg", "jfif", "png", "apng", "webp", "gif"]
_TYPES += ["bmp", "tif", "tiff", "avif"]
#: Megabytes of a picture; the server takes larger uploads, as of data sets.
_MAX_MEGABYTES = MAX_BYTES // 1024**2
_SOURCES = ("Upload", "Camera", "Paste", "Samples", "Test set")


def ask_for_pictures() -> None:
    """Let the visitor give pictures, and say which could not be used."""
    ask()
    show_refusals()


def show_refusals() -> None:
    """Sentence for each file that could not be used."""
    for sentence in visit.refusals():
        st.error(texts.plain(sentence), icon=":material/broken_image:")


def ask() -> None:
    """Let the visitor give pictures; `visit.pictures` holds what came."""
    source = st.segmented_control(
        "Take a picture from",
        _SOURCES,
        default="Upload",
        required=True,
        key="analyze_source",
        persist_state="session",
    )
    {
        "Upload": _upload,
        "Camera": _camera,
        "Paste": _paste,
        "Samples": _samples,
        "Test set": _test_set,
    }[source]()
    judged_before.say_what_is_kept()


def _upload() -> None:
    """One or several files."""

    def take() -> None:
        files = st.session_state["analyze_upload"]
        if files:
            visit.choose_files([(file.name, file.getvalue()) for file in files])

    st.file_uploader(
        "One or several pictures: JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF, up to "
        f"{_MAX_MEGABYTES} MB",
        type=_TYPES,
        accept_multiple_files=True,
        max_upload_size=_MAX_MEGABYTES,
        key="analyze_upload",
        on_change=take,
    )


def _camera() -> None:
    """A photograph taken now."""

    def take() -> None:
        photo = st.session_state["analyze_camera"]
        if photo:
            visit.choose_files([("Camera", photo.getvalue())])

    st.camera_input(
        "Take a photograph", key="analyze_camera", on_change=take, width=480
    )


def _paste() -> None:
    """Whatever picture is on the clipboard."""
    pasted = st.container().chat_input(  # at the page's foot without a container
        "Click here, paste a picture with Ctrl+V (or ⌘V), then press Enter",
        accept_file="multiple",
        file_type=_TYPES,
        max_upload_size=_MAX_MEGABYTES,
        key="analyze_paste",
    )
    if pasted and pasted.files:
        visit.choose_files([(file.name, file.getvalue()) for file in pasted.files])
        st.rerun()
    if pasted and not pasted.files:
        st.warning("That was text. Copy a picture, then paste it here.")


def _samples() -> None:
    """The pictures that come with the app."""
    row = st.container(horizontal=True)
    for entry in samples.entries():
        with row.container(width=components.CELL):
            picture = samples.picture(entry["file"])
            components.show_thumbnail(picture.pixels, alt=entry["alt"])
            st.button(
                entry["title"],
                key=f"analyze_sample_{entry['file']}",
                help=f"{entry['source']}. {entry['licence']}.",
                on_click=_choose_sample,
                args=(entry["file"],),
                width="stretch",
                wrap=True,
            )


def _test_set() -> None:
    """A picture of the CIFAKE test set, drawn at random."""
    path = bench().dataset.path()
    if path is None:
        components.offer_data_set(key="analyze_download")
        return

    def draw() -> None:
        try:
            split = bench().dataset.test_split(path)
        except CifakeError as error:
            visit.choose([], refused=[str(error)])
            return
        position = secrets.randbelow(len(split.labels))
        visit.choose([visit.labelled_picture(split, position)])

    st.button("Draw a test picture at random", icon=":material/shuffle:", on_click=draw)


def _choose_sample(file: str) -> None:
    """Analyse one of the samples."""
    visit.choose([visit.sample(file)])
