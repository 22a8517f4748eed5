"""Candidates: what the gate found of each, and the way into use."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from cifake_core.networks import NETWORKS
from cifake_core.retraining.gate_records import (
    GateCheck,
    GateReport,
    gate_from_json,
)
from cifake_core.ui.browse.teach_address import PAGE
from cifake_core.ui.pages.teach import acting
from cifake_core.ui.services import administered, caller
from cifake_core.ui.services.teaching import retraining
from cifake_core.ui.widgets import texts
from cifake_core.versions.records import Version

#: Checks of which there is one for each corruption and strength.
_FOLDED: Final = "robustness"


def show() -> None:
    """Each candidate for the place of the version in use, the last one first."""
    versions = administered.versions()
    in_use = versions.current().number
    for version in reversed(versions.listing()):
        if version.state in ("candidate", "refused") and version.parent == in_use:
            show_candidate(version, in_use)


def show_candidate(version: Version, in_use: int) -> None:
    """One candidate: its report, and what can be done with it.

    Args:
        version: never in use, or not any more.
        in_use: number of the version that is.
    """
    st.subheader(f"Version {version.number}: {_in_words(version)}", divider="gray")
    report = None if version.gate is None else gate_from_json(version.gate)
    if report is not None:
        _show_outcome(report)
    elif version.parent == in_use:
        st.markdown(
            "It was not checked yet. The gate compares it with the version in use on "
            "the same pictures; that takes minutes."
        )
    if version.parent != in_use:
        st.markdown(
            f"It was taught from version {version.parent}, but version {in_use} is in "
            f"use. Go back to version {version.parent}, or teach the network again."
        )
    elif _is_fit(version, in_use):
        _ask_promotion(version)
    else:
        st.button(
            "Check at the gate" if version.gate is None else "Check again",
            key=f"{PAGE}_check_{version.number}",
            icon=":material/rule:",
            on_click=lambda: acting.act(
                lambda: retraining().check(version.network, version.number)
            ),
        )
    if report is not None:
        _show_checks(report)


def _show_outcome(report: GateReport) -> None:
    """Whether the gate lets it pass, and each line that fails with what to do."""
    failed = report.failed
    if report.passed:
        st.success(
            f"Every line holds against version {report.against}: it may be promoted.",
            icon=":material/check_circle:",
        )
    else:
        lines = "lines does" if len(failed) == 1 else "lines do"
        st.warning(
            f"Refused: {len(failed)} of {len(report.checks)} {lines} not hold against "
            f"version {report.against}.",
            icon=":material/block:",
        )
        for check in failed:
            st.markdown(
                f"- **{texts.plain(check.title)}.** {texts.plain(check.sentence)}"
            )


def _show_checks(report: GateReport) -> None:
    """Every line of the gate; those on robustness, which are many, in a fold."""
    folded = [each for each in report.checks if each.name.startswith(_FOLDED)]
    others = [each for each in report.checks if each not in folded]
    st.markdown(_table(others, report))
    if folded:
        num = sum(not each.passed for each in folded)
        title = f"Robustness, {len(folded)} lines: " + (
            f"{num} of them not" if num else "all hold"
        )
        with st.expander(title):
            st.markdown(_table(folded, report))


def _table(checks: Sequence[GateCheck], report: GateReport) -> str:
    """Lines of the gate as a table."""
    rows = []
    for check in checks:
        old, new, limit = check.cells
        rows.append(
            {
                "Line": texts.plain(check.title),
                f"Version {report.against}": old,
                f"Version {report.version}": new,
                "Limit": limit,
                "Holds?": ":material/check: holds"
                if check.passed
                else ":material/close: **does not**",
            }
        )
    return texts.table(rows)


def _ask_promotion(version: Version) -> None:
    """Ask for a reason, and put a version into use."""
    row = st.container(horizontal=True, vertical_alignment="bottom")
    key = f"{PAGE}_why_{version.number}"
    row.text_input(
        "Why is it put into use?",
        key=key,
        placeholder="What it is to find from now on",
        width=420,
    )
    row.button(
        f"Promote version {version.number}",
        key=f"{PAGE}_promote_{version.number}",
        type="primary",
        icon=":material/publish:",
        on_click=lambda: acting.act(
            lambda: administered.versions().promote(
                version.number, why=st.session_state[key], by=caller.current()
            ),
            done=f"Version {version.number} is in use now, everywhere in this app.",
        ),
    )


def _is_fit(version: Version, in_use: int) -> bool:
    """Whether its report lets it be promoted over the version in use."""
    report = version.gate or {"passed": False}
    return bool(report["passed"]) and report["against"] == in_use


def _in_words(version: Version) -> str:
    """Which network was taught what."""
    title = NETWORKS[version.network].title
    return f"{title}, taught {', '.join(version.datasets)}"
