"""The picture that the *Explain* page is about, and the ways to another one."""

from typing import Final

import streamlit as st

from cifake_core.basics.errors import CifakeError, UnknownNameError
from cifake_core.networks import NETWORKS
from cifake_core.ui.browse import views
from cifake_core.ui.browse.address import fault, whole
from cifake_core.ui.browse.explain_address import OPENED, PAGE
from cifake_core.ui.services import samples, visit
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import components, guards, texts
from cifake_core.verdicts.records import Verdict

#: No data set has so many pictures.
_MOST: Final = 10**9 - 1


def find(address: str) -> visit.Chosen | None:
    """Picture that an address names, or None if there is none yet.

    Raises:
        UnknownNameError: If no picture has that name, or a test picture is meant
            and the data set is not on this machine.
        DatasetError: If the data set cannot be read.
    """
    if address == OPENED:
        return visit.current()
    number = whole(address, least=0, most=_MOST)
    if number is not None:
        return _test_picture(number)
    files = [entry["file"] for entry in samples.entries()]
    if address in files:
        return visit.sample(address)
    expected = (
        f"the number of a test picture, {OPENED!r} for the one that is open in "
        f"Analyze, or a sample: {', '.join(files)}"
    )
    raise UnknownNameError(fault("picture", address, expected=expected))


def need(address: str) -> visit.Chosen:
    """The picture that an address names; without one, ways to it, and the page ends."""
    chosen = None
    try:
        chosen = find(address)
    except CifakeError as error:
        guards.tell([str(error)])
    if chosen is None:
        st.info("Choose a picture to explain: open one in Analyze, or take one below.")
        offer()
        st.stop()
    return chosen


def show(chosen: visit.Chosen, verdict: Verdict) -> None:
    """The picture with its verdict, and ways to others."""
    row = st.container(horizontal=True, vertical_alignment="center", gap="medium")
    with row.container(width=components.SMALL):
        alt = f"{chosen.name}, 32x32 pixels, enlarged in blocks."
        components.show_thumbnail(chosen.picture.pixels, alt=alt)
    with row.container(width="stretch"):
        st.subheader(f"{texts.plain(chosen.name)}: {verdict.decision}")
        words = [
            f"{NETWORKS[prediction.network].title} {prediction.label} "
            f"({texts.percent(prediction.confidence)})"
            for prediction in verdict.predictions.values()
        ]
        if chosen.truth is not None:
            words.append(f"the truth: {chosen.truth}")
        st.markdown(" · ".join(words))
        for reason in verdict.reasons:
            st.caption(reason)
        with st.popover("Another picture", icon=":material/photo_library:"):
            offer()


def offer() -> None:
    """Let the visitor choose the picture in Analyze, a sample or a test picture."""
    opened = visit.current()
    if opened is None:
        st.page_link(
            "pages/analyze.py",
            label="Open a picture of your own in Analyze",
            icon=":material/image_search:",
        )
    else:
        _button(f"{opened.name}, open in Analyze", opened.address or OPENED)
    st.markdown("Samples")
    row = st.container(horizontal=True)
    for entry in samples.entries():
        with row:
            _button(entry["title"], entry["file"])
    if bench().dataset.path() is None:
        st.caption("With the CIFAKE pictures on this machine, test pictures too.")
        return
    st.number_input(
        "Number of a test picture",
        min_value=0,
        value=None,
        step=1,
        key=f"{PAGE}_number",
        on_change=_open_number,
        width=240,
    )


def _button(name: str, address: str) -> None:
    """Button that explains another picture."""
    st.button(
        texts.plain(name),
        key=f"{PAGE}_open_{address}",
        on_click=views.put,
        args=(PAGE,),
        kwargs={"picture": address},
    )


def _open_number() -> None:
    """Explain the test picture whose number was given."""
    number = st.session_state[f"{PAGE}_number"]
    if number is not None:
        views.put(PAGE, picture=str(number))


def _test_picture(number: int) -> visit.Chosen:
    """Picture of the test set."""
    path = bench().dataset.path()
    if path is None:
        msg = (
            f"Test picture {number} is one of the CIFAKE pictures, which are not on "
            "this machine. The page Test set offers to get them; or take another "
            "picture."
        )
        raise UnknownNameError(msg)
    split = bench().dataset.test_split(path)
    if number >= len(split.labels):
        expected = f"the number of a test picture, 0 to {len(split.labels) - 1}"
        raise UnknownNameError(fault("picture", str(number), expected=expected))
    return visit.test_picture(split, number)
