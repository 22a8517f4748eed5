"""`gate`: may a candidate take the place of the version in use?"""

from pathlib import Path
from typing import Annotated, Final

from cyclopts import Parameter

from cifake_core.cli.terminal.output import (
    command_line,
    print_json,
    print_table,
)
from cifake_core.cli.terminal.parameters import Flag, FromDoor
from cifake_core.cli.terminal.progress import progress_bar
from cifake_core.data import cifake
from cifake_core.data.datasets.library import FOLDER
from cifake_core.retraining.gate import CONFIG, GateConfig, gate
from cifake_core.retraining.gate_measures import METERS, Meters
from cifake_core.retraining.gate_records import GateReport, gate_to_json

_REFUSED: Final = 1


def run(  # noqa: PLR0913 - the options of a command, and what tests hand in
    version: int,
    /,
    *,
    data: Path | None = None,
    json: Flag = False,
    context: FromDoor,
    config: Annotated[GateConfig, Parameter(parse=False)] = CONFIG,
    meters: Annotated[Meters, Parameter(parse=False)] = METERS,
) -> int:
    """Compare a candidate with the version in use; takes minutes.

    On the same pictures it may nowhere be worse, and must find more of what it was
    taught. The exit status is 0 if it passed, 1 if it is refused.

    Args:
        version: its number, as `versions list` has it.
        data: the zip or folder of CIFAKE; by default CIFAKE_DATA, data/ in the
            checkout, or what `data download` got.
        json: one JSON object on the last line.
        context: has the versions.
        config: how many pictures are asked about.
        meters: measure what an answer costs.
    """
    path = cifake.find(data)
    with progress_bar(f"Comparing version {version}") as progress:
        report = gate(
            version,
            registry=context.versions,
            datasets_root=context.user_data / FOLDER,
            data=path,
            progress=progress,
            load=context.load,
            meters=meters,
            config=config,
        )
    if json:
        print_json(gate_to_json(report))
    else:
        _show(report)
    return 0 if report.passed else _REFUSED


def _show(report: GateReport) -> None:
    """Print a line for each check, and a sentence for each that failed."""
    print_table(
        (
            "check",
            f"version {report.against}",
            f"version {report.version}",
            "limit",
            "",
        ),
        [
            (check.title, *check.cells, "" if check.passed else "fails")
            for check in report.checks
        ],
    )
    for check in report.failed:
        print(f"\n{check.title}: {check.sentence}")
    if report.passed:
        words = command_line(
            "versions", "promote", str(report.version), "--why", "TEXT"
        )
        print(f"\nVersion {report.version} passed. Next: {words}")
    else:
        print(
            f"\nVersion {report.version} is refused: {len(report.failed)} of "
            f"{len(report.checks)} checks failed."
        )
