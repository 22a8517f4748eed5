"""The picture that the *Explain* page is about, and the ways to another one."""

from collections.abc import Callable
from functools import partial
from typing import Final

import streamlit as st

from cifake_core.basics.errors import CifakeError, UnknownNameError
from cifake_core.data.datasets.records import CIFAKE_SETS, DataSetPictures
from cifake_core.networks import NETWORKS
from cifake_core.ui import frontend
from cifake_core.ui.browse import chosen_pictures, views
from cifake_core.ui.browse.address import fault, whole
from cifake_core.ui.browse.explain_address import OPENED, PAGE, View
from cifake_core.ui.services import generated, remembered, samples, visit
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import components, guards, scope_lines, slow_work, texts
from cifake_core.verdicts.records import Verdict

#: Pixels on the screen of the picture that stays in sight.
_SMALL: Final = 96
#: No data set has so many pictures.
_MOST: Final = 10**9 - 1


def find(address: str) -> visit.Chosen | None:
    """Picture that an address names, or None if there is none yet.

    Raises:
        UnknownNameError: If no picture has that name, or a test picture is meant
            and the data set is not on this machine.
        DatasetError: If the data set cannot be read.
        HistoryError: If a record is meant that is gone.
    """
    if address == OPENED:
        return visit.current()
    of_set = visit.set_parts(address)
    if of_set is not None:
        with slow_work.waiting("Reading the pictures of the data set…", height=120):
            return visit.labelled_picture(*bench().own_sets.position(*of_set))
    of_generator = generated.parts(address)
    if of_generator is not None:
        return _generated_picture(*of_generator)
    of_record = remembered.number_of(address)
    if of_record is not None:
        return remembered.chosen(of_record)
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


def need(view: View) -> visit.Chosen:
    """The picture that an address names; without one, ways to it, and the page ends."""
    chosen = None
    try:
        chosen = find(view.picture)
    except CifakeError as error:
        guards.tell([str(error)])
    if chosen is None:
        st.info("Choose a picture to explain: open one in Analyze, or take one below.")
        offer(view.pictures)
        st.stop()
    return chosen


def show(chosen: visit.Chosen, verdict: Verdict, *, pictures: str) -> None:
    """The picture with its verdict, and ways to others, such as these `pictures`.

    Picture and verdict stay in sight while one scrolls.
    """
    with st.container(
        key=frontend.IN_SIGHT,
        horizontal=True,
        vertical_alignment="center",
        gap="medium",
    ):
        with st.container(width=_SMALL):
            alt = f"{chosen.name}, 32x32 pixels, enlarged in blocks."
            components.show_thumbnail(chosen.picture.pixels, alt=alt, size=_SMALL)
        with st.container(width="stretch", gap="xxsmall"):
            st.subheader(texts.plain(chosen.name))
            scope_lines.say(verdict, reasons=False)
    words = [
        f"{NETWORKS[prediction.network].title} {prediction.label} "
        f"({texts.percent(prediction.confidence)})"
        for prediction in verdict.predictions.values()
    ]
    if chosen.truth is not None:
        words.append(f"the truth: {chosen.truth}")
    st.markdown(" · ".join(words))
    scope_lines.show_networks(verdict.predictions)
    for reason in verdict.reasons:
        st.caption(reason)
    with st.popover("Another picture", icon=":material/photo_library:"):
        offer(pictures)


def offer(pictures: str) -> None:
    """Let the visitor choose the picture in Analyze, a sample or one of `pictures`."""
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
    _offer_labelled(pictures)


def _offer_labelled(name: str) -> None:
    """Let the visitor choose one of the pictures whose truth is known, by its number.

    Args:
        name: of the pictures, as in `Selection`.
    """
    key = views.held(PAGE, "pictures", name)
    st.selectbox(
        "On which pictures?",
        (*chosen_pictures.TITLES, *bench().own_sets.names()),
        format_func=chosen_pictures.title,
        key=key,
        on_change=lambda: views.put(PAGE, pictures=st.session_state[key]),
        width=280,
    )
    if name not in CIFAKE_SETS:
        text = "Reading the pictures of the data set…"
        with guards.told(), slow_work.waiting(text, height=40):
            found = bench().own_sets.find(name).pictures()
            _ask_number(partial(_set_address, found), most=len(found.labels) - 1)
    elif bench().dataset.path() is None:
        st.caption("With the CIFAKE pictures on this machine, test pictures too.")
    else:
        _ask_number(str, most=None)


def _set_address(pictures: DataSetPictures, number: int) -> str:
    """Address of a picture of a data set, by its number."""
    return visit.set_address(pictures.name, pictures.hashes[number])


def _ask_number(address: Callable[[int], str], *, most: int | None) -> None:
    """Ask for the number of a picture, and explain the one it stands for.

    Args:
        address: gives that of a picture, by its number.
        most: the largest number, if it is known.
    """
    key = f"{PAGE}_number"

    def open_number() -> None:
        number = st.session_state[key]
        if number is not None:
            views.put(PAGE, picture=address(number))

    st.number_input(
        "Number of a picture"
        if most is None
        else f"Number of a picture, 0 to {most:,}",
        min_value=0,
        max_value=most,
        value=None,
        step=1,
        key=key,
        on_change=open_number,
        width=280,
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


def _generated_picture(name: str, number: int) -> visit.Chosen:
    """Picture of one of our generators."""
    with slow_work.waiting("Passing photographs through the generator…", height=120):
        found = generated.pictures(name)
    if found is None:
        msg = (
            f"The pictures of {name!r} are photographs of CIFAKE, passed through it, "
            "and those are not on this machine. The page Generators offers to get "
            "them; or take another picture."
        )
        raise UnknownNameError(msg)
    if number >= len(found.images):
        expected = f"a number up to {len(found.images) - 1} after {name!r}"
        address = generated.address(name, number)
        raise UnknownNameError(fault("picture", address, expected=expected))
    return generated.chosen(found, number)


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
    return visit.labelled_picture(split, number)
