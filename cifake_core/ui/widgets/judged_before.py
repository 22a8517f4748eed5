"""The history in *Analyze*: what a person brought is kept, and known again."""

from collections.abc import Sequence

import streamlit as st

from cifake_core.basics.errors import CifakeError
from cifake_core.cases.records import HistoryRecord
from cifake_core.ui.services import caller, visit
from cifake_core.ui.services.bench import bench
from cifake_core.ui.services.history import history
from cifake_core.ui.services.visit import Chosen
from cifake_core.ui.widgets import guards
from cifake_core.ui.widgets.texts import plain
from cifake_core.verdicts.records import Verdict

_PAGE = "pages/history.py"


def say_what_is_kept() -> None:
    """Say where pictures that are given go."""
    try:
        is_on = caller.may("history") and history().settings().on
    except CifakeError as error:
        st.warning(str(error))
        return
    if is_on:
        st.caption(
            "The history is on: verdicts on pictures that you bring are kept, see "
            "*History*. Nothing is sent anywhere else."
        )
    else:
        st.caption(
            "Pictures stay in this computer's memory: nothing is stored "
            "and nothing is sent anywhere."
        )


def keep(chosen: Sequence[Chosen], verdicts: Sequence[Verdict]) -> None:
    """Keep each picture that a person brought, once, if the history is on."""
    kept = visit.kept()
    with guards.told():
        if not caller.may("history"):
            return
        for position, (entry, verdict) in enumerate(zip(chosen, verdicts, strict=True)):
            file = entry.brought
            if file is not None and position not in kept:
                facts = bench().provenance.facts(file, entry.picture)
                found = history().keep(
                    verdict, name=entry.name, file=file, source="page", facts=facts
                )
                if found is None:  # it is off
                    return
                kept[position] = found


def show(position: int, verdict: Verdict) -> None:
    """Say what was said before of the picture at this position, and of one like it."""
    found = visit.kept().get(position)
    if found is None:
        return
    if found.same is not None:
        _say("The same picture was judged on", found.same, verdict)
    if found.similar is not None:
        bits = found.similar.distance
        unit = "bit" if bits == 1 else "bits"
        words = f"Nearly the same ({bits} of 64 {unit} differ) was judged on"
        _say(words, found.similar.record, verdict)


def _say(words: str, record: HistoryRecord, verdict: Verdict) -> None:
    """Sentence on an earlier record, and a link that opens it."""
    scope = record.system.scope
    rests = ""
    if scope != verdict.scope.sentences:  # those of the verdict stand above
        rests = f" {plain(scope[0])} {scope[1]}"
    st.markdown(
        f"{words} {record.moment:%Y-%m-%d %H:%M} UTC as **{record.headline}**.{rests}"
    )
    st.page_link(
        _PAGE,
        label=plain(f"Open that record: {record.name}"),
        icon=":material/history:",
        query_params={"record": str(record.id)},
    )
