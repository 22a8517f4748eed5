"""Checks of a data set as a table: what was measured, what it may come to."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from cifake_core.data.datasets.records import Check
from cifake_core.ui.widgets.texts import plain, table

_WORDS: Final = {
    True: "✓\N{NO-BREAK SPACE}passed",
    False: "✗\N{NO-BREAK SPACE}failed",
}


def show(checks: Sequence[Check]) -> None:
    """Line for each check, those that failed first."""
    rows = [
        {
            "Check": check.name,
            "Result": _WORDS[check.passed],
            "What was found": plain(check.sentence),
        }
        for check in sorted(checks, key=lambda check: check.passed)
    ]
    st.markdown(table(rows))
