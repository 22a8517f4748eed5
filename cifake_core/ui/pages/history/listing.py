"""Listing of records: pictures, then a table, the newest first, page by page."""

from collections.abc import Mapping, Sequence

import streamlit as st

from cifake_core.basics.arrays import Rgb
from cifake_core.cases.records import Counts, HistoryRecord, Page
from cifake_core.ui.browse import history_address
from cifake_core.ui.browse.history_address import PAGE, HistoryView
from cifake_core.ui.pages.history.filters import FINDINGS
from cifake_core.ui.services.history import history
from cifake_core.ui.widgets import components, row_table, thumbnails
from cifake_core.ui.widgets.texts import plain
from cifake_core.ui.widgets.thumbnails import Cell, Thumbnail
from cifake_core.verdicts.scope import SHORT_HEADLINES


def show(view: HistoryView, counts: Counts) -> None:
    """Records that a view shows, with the scope of their verdicts."""
    page = history().page(view.wanted, after=view.after)
    if not page.records:
        _show_nothing(view)
        return
    st.caption(
        f"{_number(counts)}, the newest first; times in UTC. A click on one opens it."
    )
    show_scopes(page.records)
    pictures = history().pictures([each.id for each in page.records])
    thumbnails.show_grid(
        [_cell(each, pictures) for each in page.records],
        key=f"{PAGE}_gallery",
        on_open=history_address.open_record,
    )
    _ask_more(view, page)
    components.show_on_request(
        "The same as a table", lambda: _show_table(page.records), key=f"{PAGE}_as_table"
    )


def show_none() -> None:
    """Say that nothing was kept yet, and how that changes."""
    st.markdown("There are no records yet.")
    st.page_link(
        "pages/analyze.py",
        label="Give a picture in Analyze",
        icon=":material/image_search:",
    )


def show_scopes(records: Sequence[HistoryRecord]) -> None:
    """What the verdicts of records rest on: each sentence once, as it was then."""
    for known, unseen in dict.fromkeys(each.system.scope for each in records):
        st.caption(f"{plain(known)} {unseen}")


def when(record: HistoryRecord) -> str:
    """Moment of a record in words, UTC."""
    return f"{record.moment:%Y-%m-%d %H:%M} UTC"


def _number(counts: Counts) -> str:
    """Number of records in words."""
    unit = "record" if counts.total == 1 else "records"
    words = f"{counts.total:,} {unit}"
    return f"At least {words}" if counts.capped else words


def _show_nothing(view: HistoryView) -> None:
    """Say why no record is there, and what to do."""
    if view.after is not None or view.is_filtered:
        st.info("No record is like this. Clear a filter, or go back to the newest.")
        if view.after is not None:
            _ask_newest()
    elif view.wanted.in_bin:
        st.info("The bin is empty. Switch it off above to see the other records.")
    else:
        st.info("All records lie in the bin. Open it above to take them back.")


def _ask_more(view: HistoryView, page: Page) -> None:
    """Ways to older records, and back to the newest."""
    row = st.container(horizontal=True)
    with row:
        if view.after is not None:
            _ask_newest()
        if page.following is not None:
            st.button(
                "More, older ones",
                icon=":material/arrow_forward:",
                key=f"{PAGE}_more",
                on_click=history_address.go_on,
                args=(page.following,),
            )


def _ask_newest() -> None:
    """Way back to the newest records."""
    st.button(
        "Back to the newest",
        icon=":material/first_page:",
        key=f"{PAGE}_newest",
        on_click=history_address.choose,
    )


def _cell(record: HistoryRecord, pictures: Mapping[int, Rgb]) -> Cell:
    """One record of the gallery."""
    headline = SHORT_HEADLINES[record.decision]
    found = record.finding
    lines = [headline, record.name, f"{record.moment:%Y-%m-%d %H:%M}"]
    if found is not None:
        lines.insert(1, f"Finding: {FINDINGS[found.opinion]}")
    picture = Thumbnail(
        image=pictures.get(record.id),
        alt=f"{record.name}. {headline}. Judged on {when(record)}.",
        lines=lines,
    )
    return Cell(number=record.id, pictures=[picture])


def _show_table(records: Sequence[HistoryRecord]) -> None:
    """Line for each record; a click on one opens it."""
    row_table.show(
        [
            {
                "When": when(each),
                "File": each.name,
                "Result": SHORT_HEADLINES[each.decision],
                "Finding": FINDINGS[each.finding.opinion] if each.finding else "",
                "Tags": ", ".join(each.tags),
                "Note": each.note,
            }
            for each in records
        ],
        chosen=None,
        key=f"{PAGE}_table",
        on_choose=lambda number: history_address.open_record(records[number].id),
    )
    show_scopes(records)
