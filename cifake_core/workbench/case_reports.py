"""Reports on the records of a case, as pages that open without a network."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Final

from cifake_core.basics.errors import InvalidImageError
from cifake_core.basics.progress import ProgressCallback
from cifake_core.cases.records import HistoryRecord
from cifake_core.reports import render_report
from cifake_core.reports.findings import MapFinding
from cifake_core.workbench.workbench import Workbench

#: Reports of one case at most: each takes seconds, and a quarter of a megabyte.
MOST_REPORTS: Final = 100
_METHOD: Final = "gradcam"


def case_reports(
    bench: Workbench,
    records: Sequence[HistoryRecord],
    *,
    made: date,
    progress: ProgressCallback,
) -> Mapping[int, bytes]:
    """Return a report by today's networks on each record, by number.

    Args:
        bench: has the networks and the history.
        records: what to report on; a record without a usable picture is left out.
        made: the date on the reports.
        progress: told the share done, 0 to 1; what it raises comes through.

    Raises:
        ModelUnavailableError: If there are no trained networks.
        DatabaseUnavailableError: If the database cannot be used.
    """
    reports = {}
    for place, record in enumerate(records):
        progress(place / len(records))
        tell = partial(_tell_part, progress, place, len(records))
        with suppress(InvalidImageError):
            page = _report(bench, record, made=made, progress=tell)
            reports[record.id] = page.encode()
    return reports


def _tell_part(
    progress: ProgressCallback, place: int, total: int, share: float
) -> None:
    """Tell the share of all that is done, from that of one."""
    progress((place + share) / total)


def _report(
    bench: Workbench,
    record: HistoryRecord,
    *,
    made: date,
    progress: ProgressCallback,
) -> str:
    """Report on one record, with the map of the network that decided, tested."""
    picture, _ = bench.history.picture(record.id)
    verdict = bench.judge(picture.pixels)
    network = verdict.decided_by
    label = verdict.predictions[network].label
    found = bench.explain(
        verdict.prepared, network=network, method=_METHOD, label=label
    )
    trust = bench.trust(verdict.prepared, found, progress=progress)
    findings = bench.findings(
        picture.pixels, maps=[MapFinding(explanation=found, trust=trust)]
    )
    return render_report(findings, name=record.name, picture=picture, made=made)
