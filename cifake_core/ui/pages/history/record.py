"""One record of the history: the picture, its verdict, and what an analyst adds."""

import streamlit as st

from cifake_core import figures
from cifake_core.cases.records import HistoryRecord
from cifake_core.ui.browse import explain_address, history_address
from cifake_core.ui.browse.history_address import PAGE, HistoryView
from cifake_core.ui.pages.history import again, joining, notes
from cifake_core.ui.pages.history.listing import when
from cifake_core.ui.services import remembered, visit
from cifake_core.ui.services.history import history
from cifake_core.ui.widgets import components, file_panel, guards, verdict_view
from cifake_core.ui.widgets.texts import plain, table


def show(view: HistoryView) -> bool:
    """The record that a view opens; False if it opens none.

    Raises:
        HistoryError: If it is gone.
    """
    if view.record is None:
        return False
    st.button(
        "Back",
        icon=":material/arrow_back:",
        shortcut="Esc",
        key=f"{PAGE}_close",
        on_click=history_address.open_record,
        args=(None,),
    )
    record = history().get(view.record)
    st.header(plain(record.name), divider="gray")
    picture, verdict, finding = st.columns([2, 3, 3])
    with picture:
        _show_picture(record)
    with verdict:
        _show_verdict(record)
    with finding:
        notes.ask_finding(record)
    verdict_view.show_predictions(record.predictions)
    _show_ways(record)
    again.offer(record)
    notes.ask_note(record)
    notes.ask_tags(record)
    joining.ask_cases(record)
    _show_file(record)
    _show_facts(record)
    notes.ask_bin(record)
    return True


def _show_picture(record: HistoryRecord) -> None:
    """The picture, enlarged, or that it went before the verdict."""
    pictures = history().pictures([record.id])
    if not pictures:
        st.info("The picture is not kept any more; *About* says for how long it is.")
        st.caption(f"Judged on {when(record)}")
        return
    for image in pictures.values():
        st.image(
            figures.enlarge(image, size=components.LARGE),
            width=components.LARGE,
            alt=f"{record.name} as the networks saw it: 32x32 pixels, enlarged.",
            output_format="PNG",
        )
    st.caption(f"Judged on {when(record)}, 32x32 pixels, enlarged in blocks")


def _show_ways(record: HistoryRecord) -> None:
    """Ways to the pages that look at the picture anew."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Open in Analyze", icon=":material/image_search:"):
            with guards.needed():
                visit.choose([remembered.chosen(record.id)])
            st.switch_page("pages/analyze.py")
        explain_address.link(remembered.address(record.id))


def _show_verdict(record: HistoryRecord) -> None:
    """The decision with its scope and its reasons, as they were then."""
    known, unseen = record.system.scope
    color = verdict_view.COLORS[record.decision]
    with st.container(border=True):
        st.markdown(f"## :{color}[{record.headline}]")
        st.markdown(plain(known))
        st.markdown(unseen)
        for reason in record.reasons:
            st.markdown(f"- {reason}")


def _show_file(record: HistoryRecord) -> None:
    """What the file said of itself then; the place where it was taken is not kept."""
    if record.file is not None:
        with st.expander("What the file said of itself"):
            file_panel.show_facts(record.decision, record.file)


def _show_facts(record: HistoryRecord) -> None:
    """Where the picture came from, its hashes, and what judged it."""
    system = record.system
    facts = {
        "Judged": when(record),
        "Came by": record.source,
        "SHA-256 of the file": record.bytes_sha256,
        "SHA-256 of the pixels": record.pixels_sha256,
        "Perceptual hash": record.perceptual_hash,
        "Program": system.program,
        "SHA-256 of the rules": system.policy_sha256 or "none",
        "Cases": ", ".join(record.cases) or "none",
    }
    weights = {f"Weights of {name}": each for name, each in system.weights.items()}
    rows = [
        {"Fact": name, "Value": plain(value)}
        for name, value in (facts | weights).items()
    ]
    with st.expander("Hashes, and what judged it"):
        st.markdown(table(rows))
