"""How verdicts fare on a data set of one's own, once somebody has them found."""

from typing import Final

import numpy as np
import numpy.typing as npt
import streamlit as st

from cifake_core.basics.labels import DECISIONS
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import scope_lines, slow_work
from cifake_core.ui.widgets.texts import interval, plain, table
from cifake_core.workbench.own_sets import OwnSet

#: In the session: the pictures that a visitor wants verdicts on.
_ASKED: Final = "test_set_judge"


def show(chosen: OwnSet) -> None:
    """Coverage and accuracy on the set, or the button that has them found."""
    scope_lines.show(bench().scope.of_verdicts())
    given = chosen.decisions()
    if given is None:
        _offer(chosen)
    else:
        _show(chosen, given)


def _offer(chosen: OwnSet) -> None:
    """Button that has every picture judged, under a bar."""
    number = len(chosen.pictures().labels)
    st.markdown(
        f"The {number:,} pictures of {chosen.name} have no verdicts yet. To find them "
        "takes a second for ten pictures or so; they are kept, and can then be "
        "filtered by."
    )
    st.button(
        f"Judge {number:,} pictures",
        key=f"{_ASKED}_button",
        icon=":material/gavel:",
        on_click=st.session_state.__setitem__,
        args=(_ASKED, chosen.key),
    )
    if st.session_state.get(_ASKED) != chosen.key:
        return
    text = f"All our own networks judge the pictures of {chosen.name}"
    if slow_work.run(_ASKED, chosen.key, text, chosen.decide) is not None:
        del st.session_state[_ASKED]
        st.rerun()  # now they can be filtered by


def _show(chosen: OwnSet, given: npt.NDArray[np.int64]) -> None:
    """Coverage and accuracy, and the decisions by the maker of the pictures."""
    found = chosen.verdicts(given)
    st.markdown(
        f"Of {found.n:,} pictures {interval(found.coverage)} get a verdict; of these "
        f"{interval(found.accuracy)} are right."
    )
    rows = [
        {
            "Pictures": "Photographs" if name == "REAL" else f"Fakes by {plain(name)}",
            "Number": f"{sum(counts.values()):,}",
            **{decision: f"{counts[decision]:,}" for decision in DECISIONS},
        }
        for name, counts in found.counts.items()
    ]
    st.markdown(table(rows))
    st.caption(
        "In brackets the 95 % interval. Verdicts rest on all our own networks, "
        "whichever is looked at."
    )
