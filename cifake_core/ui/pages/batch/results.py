"""Results on the page: counts that filter, an order, pictures to be opened, files."""

import tempfile
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final

import streamlit as st

from cifake_core.jobs.results import ORDERS, OUTCOMES, Order, Outcome, Result, Results
from cifake_core.pictures.reading import read_picture
from cifake_core.ui.browse import batch_address
from cifake_core.ui.browse.batch_address import PAGE, Shown
from cifake_core.ui.pages.batch import saying
from cifake_core.ui.services import visit
from cifake_core.ui.widgets import guards, thumbnails
from cifake_core.ui.widgets.texts import percent, plain
from cifake_core.ui.widgets.thumbnails import Cell, Thumbnail
from cifake_core.verdicts.scope import SHORT_HEADLINES
from cifake_core.verdicts.scope_words import networks_know

#: Results of a page.
_MOST: Final = 24
_ALL: Final = "all"
_GO: Final = f"{PAGE}_go"
_ORDERS: Final[dict[Order, str]] = {
    "given": "As given",
    "decision": "By decision",
    "doubt": "Most doubtful first",
    "sure": "Surest first",
}
_OUTCOMES: Final[dict[Outcome, str]] = {
    "FAKE": SHORT_HEADLINES["FAKE"],
    "UNSURE": SHORT_HEADLINES["UNSURE"],
    "REAL": SHORT_HEADLINES["REAL"],
    "error": "Not judged",
}
_FORMATS: Final = {"csv": "CSV", "jsonl": "JSON Lines", "parquet": "Parquet"}
#: Letters of a name and of a sentence below a small picture.
_NAME, _SENTENCE = 40, 90


def show(found: Results, *, at_work: bool) -> None:
    """Results of a job or a scan, as the address says."""
    if st.session_state.pop(_GO, False):
        st.switch_page("pages/analyze.py")
    shown, faults = batch_address.shown()
    guards.tell(faults)
    counts = found.counts()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        _ask(counts, shown)
    number = counts[shown.outcome] if shown.outcome else sum(counts.values())
    if not number:
        st.info("No result is like this. Choose another kind above.")
        return
    _say_scope(found)
    pages = -(-number // _MOST)
    page = min(shown.page, pages)
    results = found.page(
        outcome=shown.outcome,
        order=shown.order,
        first=(page - 1) * _MOST,
        most=_MOST,
    )
    st.caption(
        "A click on a picture opens it in *Analyze*. Doubt is none where the networks "
        "together are certain of a label, and full where they lean to neither."
    )
    thumbnails.show_grid(
        [_cell(each) for each in results],
        key=f"{PAGE}_results",
        on_open=lambda chosen: _open(found, chosen),
    )
    if pages > 1:
        _ask_page(page, pages)
    _offer_files(found, at_work=at_work)


def _ask(counts: dict[Outcome, int], shown: Shown) -> None:
    """Ask for the kind of results, with how many there are, and their order."""
    names = (_ALL, *OUTCOMES)
    words = {_ALL: f"All ({sum(counts.values()):,})"} | {
        each: f"{_OUTCOMES[each]} ({counts[each]:,})" for each in OUTCOMES
    }
    key = _held("show", shown.outcome or _ALL)
    st.pills(  # which go on in a next line where the window is narrow
        "Show",
        names,
        required=True,
        format_func=words.__getitem__,
        key=key,
        on_change=lambda: batch_address.show(
            show=None if st.session_state[key] == _ALL else st.session_state[key]
        ),
    )
    order = _held("order", shown.order)
    st.selectbox(
        "Order",
        ORDERS,
        format_func=_ORDERS.__getitem__,
        key=order,
        on_change=lambda: batch_address.show(order=st.session_state[order]),
        width=240,
    )


def _held(name: str, value: str) -> str:
    """Key of a widget, which shows `value` from now on."""
    key = f"{PAGE}_{name}"
    st.session_state[key] = value
    return key


def _say_scope(found: Results) -> None:
    """What the verdicts know, and what each network does."""
    known, *unseen = found.sentences
    st.caption(" ".join((plain(known), *unseen)))
    st.caption(plain(networks_know(found.known)))


def _cell(result: Result) -> Cell:
    """One result: the picture with its decision and doubt, or its sentence."""
    name = PurePosixPath(result.path).name or result.path
    name = name if len(name) <= _NAME else f"…{name[-_NAME:]}"
    if result.decision is None or result.doubt is None:
        said = result.error or ""
        cut = said if len(said) <= _SENTENCE else f"{said[:_SENTENCE]}…"
        lines = [name, "Not judged", cut]
    else:
        doubt = percent(result.doubt)
        lines = [name, SHORT_HEADLINES[result.decision], f"doubt {doubt}"]
    drawn = Thumbnail(image=result.pixels, alt=". ".join(lines[:2]), lines=lines)
    return Cell(number=result.number, pictures=[drawn])


def _open(found: Results, number: int) -> None:
    """Open a result in Analyze, or say why it cannot be."""
    if saying.act(lambda: visit.choose([chosen(found, number)])):
        st.session_state[_GO] = True


def chosen(found: Results, number: int) -> visit.Chosen:
    """Picture of a result, for Analyze.

    Raises:
        CifakeError: If its file is no picture, or cannot be read any more.
    """
    picture = read_picture(found.read(number))
    return visit.Chosen(name=found.get(number).path, picture=picture)


def _ask_page(page: int, pages: int) -> None:
    """Ask which page of results to show; the arrow keys turn it."""
    row = st.container(horizontal=True, vertical_alignment="center")
    row.button(
        "Previous",
        shortcut="Left",
        key=f"{PAGE}_back",
        disabled=page == 1,
        on_click=batch_address.turn,
        args=(page - 1,),
    )
    row.markdown(f"Page {page:,} of {pages:,}", width="content")
    row.button(
        "Next",
        shortcut="Right",
        key=f"{PAGE}_on",
        disabled=page == pages,
        on_click=batch_address.turn,
        args=(page + 1,),
    )


def _offer_files(found: Results, *, at_work: bool) -> None:
    """All results so far as files, whatever is shown of them."""
    so_far = " so far" if at_work else ""
    st.markdown(f"**All results{so_far} as a file**")
    with st.container(horizontal=True):
        for ending, title in _FORMATS.items():
            st.download_button(
                title,
                partial(_file, found, ending),
                file_name=f"{found.name}.{ending}",
                key=f"{PAGE}_download_{ending}",
                icon=":material/download:",
                on_click="ignore",
            )


def _file(found: Results, ending: str) -> bytes:
    """All results in a file of this ending."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"results.{ending}"
        found.export(path)
        return path.read_bytes()
