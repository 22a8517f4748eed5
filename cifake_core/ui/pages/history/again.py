"""A record judged again: the verdict of today's networks beside the one of then."""

from typing import Final

import streamlit as st

from cifake_core.cases.records import HistoryRecord
from cifake_core.networks import NETWORKS
from cifake_core.ui.browse.history_address import PAGE
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import guards, slow_work
from cifake_core.ui.widgets.texts import percent, plain, table
from cifake_core.verdicts.records import Prediction
from cifake_core.workbench.rejudging import Rejudged, rejudge

_ABSENT: Final = "not asked"


def offer(record: HistoryRecord) -> None:
    """Offer to judge a record again, and say what differs."""
    key = f"{PAGE}_again"
    st.button(
        "Judge it again with today's networks",
        icon=":material/replay:",
        key=f"{key}_ask",
        on_click=st.session_state.__setitem__,
        args=(key, record.id),
    )
    if st.session_state.get(key) != record.id:
        return
    with guards.told():
        with slow_work.waiting("The networks look at the picture…", height=160):
            again = rejudge(bench(), record.id)
        with st.container(border=True):
            _show(again)


def _show(again: Rejudged) -> None:
    """What then and now differ in, with the scope of both."""
    st.markdown(f"**{_summary(again)}**")
    for sentence in _causes(again):
        st.markdown(sentence)
    st.markdown(table(_rows(again)))
    scopes = (again.record.system.scope, again.verdict.scope.sentences)
    for known, unseen in dict.fromkeys(scopes):
        st.caption(f"{plain(known)} {unseen}")
    if again.verdict.reasons != again.record.reasons:
        st.markdown("Reasons now:")
        st.markdown("\n".join(f"- {each}" for each in again.verdict.reasons))


def _summary(again: Rejudged) -> str:
    """Sentence on whether the verdict is another."""
    then, now = again.record.headline, again.verdict.headline
    if again.record.decision == again.verdict.decision:
        return f"The verdict is the same today: {now}."
    return f"The verdict is another today. Then: {then}. Now: {now}."


def _causes(again: Rejudged) -> list[str]:
    """Sentences on what may make a difference."""
    said = []
    if again.changed:
        titles = ", ".join(NETWORKS[name].title for name in again.changed)
        said.append(f"Taught or replaced since then: {titles}.")
    if again.new_rules:
        said.append("The rules for verdicts are others than then.")
    if again.same_judge:
        said.append("Networks and rules are those of then.")
    if not again.from_file:
        said.append(
            "The file was not kept, so its 32x32 pixels were judged: doubts that came "
            "from shrinking a larger picture are not weighed again."
        )
    return said


def _rows(again: Rejudged) -> list[dict[str, str]]:
    """Line for each network: what it said, and says."""
    then, now = again.record.predictions, again.verdict.predictions
    return [
        {
            "Network": NETWORKS[name].title,
            "Then": _answer(then.get(name)),
            "Now": _answer(now.get(name)),
            "Probability of FAKE": _difference(then.get(name), now.get(name)),
        }
        for name in dict.fromkeys((*then, *now))
    ]


def _answer(prediction: Prediction | None) -> str:
    """What a network says, with what it knows."""
    if prediction is None:
        return _ABSENT
    return (
        f"{prediction.label}, {percent(prediction.confidence)}; "
        f"{plain(prediction.knows)}"
    )


def _difference(then: Prediction | None, now: Prediction | None) -> str:
    """By how many points the probability of FAKE differs."""
    if then is None or now is None:
        return ""
    points = 100 * (now.p_fake - then.p_fake)
    return "the same" if abs(points) < 0.05 else f"{points:+.1f} points"
