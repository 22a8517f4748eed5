"""Filters of the history: the number of records for each value is the way to them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Final

import streamlit as st

from cifake_core.basics.labels import DECISIONS, LABELS
from cifake_core.cases.filters import MAX_SEARCH, NO_FINDING, HistoryFilter
from cifake_core.cases.records import OPINIONS, Counts
from cifake_core.networks import NETWORKS
from cifake_core.ui.browse import history_address, views
from cifake_core.ui.browse.history_address import PAGE, HistoryView, days_of
from cifake_core.ui.services.history import history
from cifake_core.verdicts.scope import SHORT_HEADLINES

#: Findings in words.
FINDINGS: Final = {
    "REAL": "REAL",
    "FAKE": "FAKE",
    "CANT_SAY": "can't say",
    NO_FINDING: "none yet",
}
#: Days between which one may be chosen, those that an address may name.
_FIRST: Final = date(1000, 1, 1)
_LAST: Final = date(9998, 12, 31)
_ANY: Final = ""
_BETWEEN: Final = ":"


def ask(view: HistoryView, counts: Counts) -> None:
    """Ask which records to show.

    Args:
        view: what is shown.
        counts: of its filter.
    """
    wanted = view.wanted
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    with row:
        _ask("Verdict", "decision", wanted.decision, _decisions(counts))
        _ask_answer(wanted, counts)
        _ask("Finding", "finding", wanted.finding, _findings(counts))
        _ask(
            "Month (UTC)",
            "month",
            view.month,
            _months(view, counts),
            write=_days,
        )
        _ask("Tag", "tag", wanted.tag, _sets(counts.tags))
        _ask("Case", "case", wanted.case, _sets(counts.cases))
        st.text_input(
            "Words in name, note or tags",
            key=views.held(PAGE, "text", wanted.text),
            on_change=partial(_changed, "text"),
            max_chars=MAX_SEARCH,
            width=220,
        )
        _ask_more(wanted)
        st.button(
            "Clear",
            icon=":material/filter_alt_off:",
            key=f"{PAGE}_clear",
            disabled=not view.is_filtered,
            on_click=history_address.clear,
        )


def ask_bin(view: HistoryView) -> None:
    """Ask whether to show what lies in the bin."""
    inside = history().counts(HistoryFilter(in_bin=True)).total
    if not inside and not view.wanted.in_bin:
        return
    st.toggle(
        f"The bin ({inside:,})",
        key=views.held(PAGE, "in_bin", view.wanted.in_bin),
        on_change=_bin_changed,
    )


def _decisions(counts: Counts) -> dict[str, tuple[str, int]]:
    """Words and number of each decision."""
    return {
        each: (SHORT_HEADLINES[each], counts.decisions.get(each, 0))
        for each in DECISIONS
    }


def _findings(counts: Counts) -> dict[str, tuple[str, int]]:
    """Words and number of each finding; of none, the store's name is ""."""
    return {
        each: (
            FINDINGS[each],
            counts.findings.get("" if each == NO_FINDING else each, 0),
        )
        for each in (*OPINIONS, NO_FINDING)
    }


def _months(view: HistoryView, counts: Counts) -> dict[str, tuple[str, int]]:
    """Words and number of each month, as if none was chosen."""
    if view.month is not None:
        free = replace(view.wanted, since=None, until=None)
        counts = history().counts(free)
    return {each: (each, counts.months[each]) for each in sorted(counts.months)[::-1]}


def _days(month: str | None) -> dict[str, str | None]:
    """Parameters that the choice of a month writes."""
    since, until = map(str, days_of(month)) if month else (None, None)
    return {"since": since, "until": until}


def _sets(counted: Mapping[str, int]) -> dict[str, tuple[str, int]]:
    """Words and number of tags or cases, the most frequent first."""
    order = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    return {name: (name, n) for name, n in order}


def _ask_more(wanted: HistoryFilter) -> None:
    """Ask for what has no counts: days, a file's name, a hash."""
    held = (wanted.since, wanted.until, wanted.name, wanted.hash)
    num_held = sum(each is not None for each in held)
    title = f"More ({num_held})" if num_held else "More"
    with st.popover(title, icon=":material/filter_alt:"):
        for name, words, day in (
            ("since", "From this day on (UTC)", wanted.since),
            ("until", "Until this day (UTC)", wanted.until),
        ):
            st.date_input(
                words,
                format="YYYY-MM-DD",
                min_value=_FIRST,
                max_value=_LAST,
                key=views.held(PAGE, name, day),
                on_change=partial(_changed, name),
            )
        for name, words, text in (
            ("name", "Name of the file, letter by letter", wanted.name),
            ("hash", "SHA-256 of file or pixels, 6 digits or more", wanted.hash),
        ):
            st.text_input(
                words,
                key=views.held(PAGE, name, text or ""),
                on_change=partial(_changed, name),
            )


def _ask_answer(wanted: HistoryFilter, counts: Counts) -> None:
    """Ask for a network's label, or for one by any network."""
    options = {
        f"{network}{_BETWEEN}{label}": (
            f"{NETWORKS[network].title}: {label}",
            labels.get(label, 0),
        )
        for network, labels in counts.labels.items()
        for label in LABELS
    }
    chosen = None
    if wanted.label is not None or wanted.network is not None:
        chosen = f"{wanted.network or _ANY}{_BETWEEN}{wanted.label or _ANY}"
        if chosen not in options:  # by an address
            who = NETWORKS[wanted.network].title if wanted.network else "Any network"
            words = f"{who}: {wanted.label or 'any label'}"
            options = {chosen: (words, counts.total)} | options
    _ask("A network's label", "answer", chosen, options, write=_answer)


def _answer(value: str | None) -> dict[str, str | None]:
    """Parameters that a choice of a network's label writes."""
    network, _, label = (value or _ANY).partition(_BETWEEN)
    return {"network": network or None, "label": label or None}


def _ask(
    title: str,
    name: str,
    chosen: str | None,
    options: Mapping[str, tuple[str, int]],
    *,
    write: Callable[[str | None], dict[str, str | None]] | None = None,
) -> None:
    """Ask for one value of a filter, with the number of records for each.

    Args:
        title: of what asks.
        name: of the parameter.
        chosen: its value now.
        options: words and number, by value.
        write: makes parameters of a value; by default there is one of that name.
    """
    shown = {
        value: each for value, each in options.items() if each[1] or value == chosen
    }
    if chosen is not None:
        shown.setdefault(chosen, (chosen, 0))
    words = {_ANY: "any"} | {
        value: f"{text} ({number:,})" for value, (text, number) in shown.items()
    }

    def change() -> None:
        value = st.session_state[f"{PAGE}_{name}"] or None
        history_address.choose(**(write(value) if write else {name: value}))

    st.selectbox(
        title,
        list(words),
        format_func=lambda value: words.get(value, value),
        key=views.held(PAGE, name, chosen or _ANY),
        on_change=change,
        width=230,
    )


def _changed(name: str) -> None:
    """Filter by what a person has put in."""
    value = st.session_state[f"{PAGE}_{name}"]
    history_address.choose(**{name: str(value or "").strip() or None})


def _bin_changed() -> None:
    """Show what lies in the bin, or what does not."""
    inside = st.session_state[f"{PAGE}_in_bin"]
    history_address.choose(in_bin="yes" if inside else None)
