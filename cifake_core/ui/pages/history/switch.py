"""The history's switch: what is kept, where and for how long."""

from dataclasses import replace
from typing import Final

import streamlit as st

from cifake_core.basics.errors import CifakeError
from cifake_core.cases.settings import HistorySettings
from cifake_core.ui.browse.history_address import PAGE
from cifake_core.ui.pages.history import acting, periods
from cifake_core.ui.services import caller
from cifake_core.ui.services.history import history
from cifake_core.ui.widgets.texts import plain

_FAILED: Final = f"{PAGE}_switch_failed"


def show(settings: HistorySettings) -> None:
    """Say whether verdicts are kept; offer to begin with it, or to end it."""
    failed = st.session_state.pop(_FAILED, None)
    if failed is not None:
        st.error(plain(failed))
    if settings.on:
        with st.expander(_on_in_words(settings), icon=":material/history:"):
            st.markdown(
                "It keeps of each picture that somebody brings to *Analyze*, sends to "
                "`/api/v1/judge` or names to `predict` "
                f"{_kept(settings)}. {_place_in_words('lies')}"
            )
            _ask_on(settings)
    else:
        st.info(
            "The history is off: no verdict is kept. What was kept before stays here "
            "until its time is over, or you delete it.",
            icon=":material/history_toggle_off:",
        )
        st.markdown(
            "Switched on, it keeps of each picture that somebody brings to *Analyze*, "
            "sends to `/api/v1/judge` or names to `predict` "
            f"{_kept(settings)}. {_place_in_words('would lie')}"
        )
        _ask_off(settings)
    periods.show()


def _kept(settings: HistorySettings) -> str:
    """Words for what is kept of a picture."""
    itself = "and the file itself" if settings.originals else "not the file itself"
    return (
        "the picture as the networks see it, 32x32 pixels, with its verdict, the "
        f"file's name and hashes; {itself}"
    )


def _on_in_words(settings: HistorySettings) -> str:
    """Sentence on a history that is on."""
    what = "verdicts and files" if settings.originals else "verdicts"
    if settings.days is None:
        return f"The history is on: {what} are kept until somebody deletes them"
    unit = "day" if settings.days == 1 else "days"
    return f"The history is on: {what} are kept for {settings.days:,} {unit}"


def _place_in_words(verb: str) -> str:
    """Sentences on where records lie, and who sees them."""
    if caller.current().user is not None:
        return (
            "Each sees their own records, and those in cases that others share with "
            "them."
        )
    return (
        f"It {verb} in {plain(history().place())}. Everybody who opens this app "
        "sees the same history."
    )


def _ask_on(settings: HistorySettings) -> None:
    """Ask whether a history that is on is to change or to end."""
    if not caller.may("administer"):
        st.caption("An administrator chooses what is kept, and for how long.")
        return
    asked = _ask_how(settings)
    row = st.container(horizontal=True)
    row.button(
        "Keep so from now on",
        key=f"{PAGE}_changed",
        disabled=asked == settings,
        on_click=_switch_on,
        args=(settings,),
    )
    row.button(
        "Switch off",
        icon=":material/history_toggle_off:",
        key=f"{PAGE}_off",
        on_click=_switch,
        args=(replace(settings, on=False),),
    )
    st.caption(
        "Switched off, it keeps nothing more; what is here stays until its time is "
        "over, or you delete it."
    )


def _ask_off(settings: HistorySettings) -> None:
    """Ask whether a history that is off is to begin."""
    if not caller.may("administer"):
        st.caption("An administrator can switch it on.")
        return
    _ask_how(settings)
    st.button(
        "Switch on",
        type="primary",
        icon=":material/history:",
        key=f"{PAGE}_on",
        on_click=_switch_on,
        args=(settings,),
    )


def _ask_how(settings: HistorySettings) -> HistorySettings:
    """Settings with the days, and the files, that a person wants to be kept."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        chosen = settings.days
        if not _are_days_elsewhere():
            chosen = periods.ask("days", "Keep verdicts for", settings.days)
        originals = st.checkbox(
            "Keep the files themselves, too",
            value=settings.originals,
            key=f"{PAGE}_originals",
            help="Then a record opens as it was given, is judged again at its full "
            "size, and goes with its case.",
        )
    return replace(settings, days=chosen, originals=originals)


def _switch_on(settings: HistorySettings) -> None:
    """Keep verdicts from now on, as is asked at the click."""
    days = settings.days if _are_days_elsewhere() else acting.held("days")
    originals = acting.held("originals")
    _switch(HistorySettings(on=True, days=days, originals=originals))


def _are_days_elsewhere() -> bool:
    """Whether the days are chosen on the administrator's page."""
    return caller.current().user is not None


def _switch(settings: HistorySettings) -> None:
    """Change the settings."""
    try:
        who = caller.expect("administer", what="the history's settings")
        history().switch(settings, by=who)
    except CifakeError as error:
        st.session_state[_FAILED] = str(error)
