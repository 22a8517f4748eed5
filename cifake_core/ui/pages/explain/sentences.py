"""What was found about a picture in words, and as a file to keep."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath

import streamlit as st

from cifake_core.explain.records import ChannelValues
from cifake_core.provenance.records import FileFacts
from cifake_core.reports import render_report
from cifake_core.reports.findings import Findings, MapFinding
from cifake_core.reports.sentences import sentences
from cifake_core.ui.browse.explain_address import PAGE
from cifake_core.ui.services import visit
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import texts
from cifake_core.verdicts.records import Stability, Verdict


def show(
    verdict: Verdict,
    maps: Sequence[MapFinding],
    channels: ChannelValues | None,
    stability: Stability,
    *,
    chosen: visit.Chosen,
) -> None:
    """Findings on a picture in sentences, and their report to download."""
    findings = Findings(
        verdict=verdict,
        maps=tuple(maps),
        channels=channels,
        stability=stability,
        file=_file(chosen),
    )
    show_sentences(findings)
    offer_report(findings, chosen)


def _file(chosen: visit.Chosen) -> FileFacts | None:
    """What the picture's file says, if it came as one."""
    if chosen.source is None:
        return None
    return bench().provenance.facts(chosen.source, chosen.picture)


def show_sentences(findings: Findings) -> None:
    """Line for each part that was measured."""
    lines = map(texts.plain, sentences(findings))
    st.markdown("\n".join(f"- {line}" for line in lines))


def offer_report(findings: Findings, chosen: visit.Chosen) -> None:
    """Offer all that was found as one page, made when it is asked for."""
    st.download_button(
        "Download all of this as a report",
        lambda: _report(findings, chosen),
        file_name=f"{PurePath(chosen.name).stem}-report.html",
        mime="text/html",
        key=f"{PAGE}_report",
        icon=":material/description:",
        on_click="ignore",
        help="One file, which opens in any browser, also without a network.",
    )


def _report(findings: Findings, chosen: visit.Chosen) -> str:
    """Report, with today's date."""
    today = datetime.now().astimezone().date()
    return render_report(findings, name=chosen.name, picture=chosen.picture, made=today)
