"""Records put into a case or taken out, tagged or binned: one, or all that match."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import streamlit as st

from cifake_core.cases.records import Counts, HistoryRecord
from cifake_core.ui.browse import history_address
from cifake_core.ui.browse.history_address import PAGE, HistoryView
from cifake_core.ui.pages.history import acting
from cifake_core.ui.services.history import history
from cifake_core.ui.widgets.texts import plain

#: Records to which something is done by one click, at most.
_MOST: Final = 5_000
#: Stands for a case that is to be begun; no case has this number.
_NEW: Final = 0


def ask_cases(record: HistoryRecord) -> None:
    """Cases of a record, ways to them and out of them, and into another."""
    cases = history().cases.listing()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for case in cases:
            if case.name not in record.cases:
                continue
            st.button(
                plain(case.name),
                icon=":material/folder_open:",
                key=f"{PAGE}_to_case_{case.id}",
                on_click=history_address.open_case,
                args=(case.id,),
            )
            acting.button(
                f"Take out of {plain(case.name)}",
                f"leave_{case.id}",
                partial(history().cases.remove, case.id, [record.id]),
                disabled=not case.is_open,
            )
    others = [each for each in cases if each.name not in record.cases]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        put = _ask_case(
            {each.id: each.name for each in others if each.is_open},
            key=f"case_{record.id}",
        )
        acting.button("Put into the case", "join", partial(put, [record.id]))


def ask_together(view: HistoryView, counts: Counts) -> None:
    """Offer to do something to all the records that a view lets through."""
    with st.popover(
        "With all of these…",
        icon=":material/checklist:",
        disabled=not counts.total,
    ):
        if counts.total > _MOST:
            st.markdown(
                f"{counts.total:,} records match, but only {_MOST:,} are changed at "
                "once. Choose fewer by the filters."
            )
            return
        st.markdown(f"**{_in_words(counts.total)} that match**, also those further on")
        if view.wanted.in_bin:
            _do("Take all out of the bin", "restore_all", acting.restore, view)
            return
        cases = history().cases.listing()
        put = _ask_case(
            {each.id: each.name for each in cases if each.is_open}, key="case_of_all"
        )
        acting.button(
            "Put all into the case",
            "join_all",
            lambda: put(_numbers(view)),
            done=f"Put into the case: {_in_words(counts.total)}.",
        )
        st.text_input("Tag", key=f"{PAGE}_tag_of_all")
        acting.button(
            "Tag all",
            "tag_all",
            lambda: history().annotations.tag(
                _numbers(view), acting.held("tag_of_all")
            ),
            done=f"Tagged: {_in_words(counts.total)}.",
        )
        _do("Put all into the bin", "bin_all", acting.put_in_bin, view)


def _numbers(view: HistoryView) -> Sequence[int]:
    """Numbers of the records that a view lets through, asked for by a click alone."""
    return history().numbers(view.wanted, most=_MOST)


def _in_words(count: int) -> str:
    """Number of records in words."""
    return f"{count:,} {'record' if count == 1 else 'records'}"


def _do(
    title: str, key: str, act: Callable[[Sequence[int]], None], view: HistoryView
) -> None:
    """Button that does something to all records of a view."""

    def do() -> None:
        numbers: list[int] = []
        if acting.act(lambda: numbers.extend(_numbers(view))):
            act(numbers)

    st.button(title, key=f"{PAGE}_{key}", on_click=do)


def _ask_case(names: dict[int, str], *, key: str) -> Callable[[Sequence[int]], object]:
    """Ask for a case, one that is there or a new one; what puts records into it.

    Args:
        names: of the cases that are offered, by number.
        key: of what asks.
    """
    chosen = _NEW
    if names:
        chosen = st.selectbox(
            "Case",
            [*names, _NEW],
            format_func=lambda number: names.get(number, "A new case"),
            key=f"{PAGE}_{key}",
            width=260,
        )
    if chosen == _NEW:
        st.text_input("Name of the new case", key=f"{PAGE}_{key}_new", width=260)

    def put(numbers: Sequence[int]) -> None:
        cases = history().cases
        number = acting.held(key) if names else _NEW
        if number == _NEW:
            number = cases.create(acting.held(f"{key}_new")).id
        cases.add(number, numbers)

    return put
