"""Case as one zip that opens without a network: page, table, pictures, reports, hashes.

`sha256sum --check manifest.sha256` in the unpacked folder finds every file as it was.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cifake_core.basics.files import file_sha256, write_whole
from cifake_core.cases.casework import Cases
from cifake_core.cases.export import write_csv, write_jsonl
from cifake_core.cases.filters import HistoryFilter
from cifake_core.cases.history import History
from cifake_core.cases.records import Case, HistoryRecord

#: Files of the zip.
PAGE_FILE: Final = "index.html"
TABLE_FILE: Final = "table.csv"
RECORDS_FILE: Final = "records.jsonl"
MANIFEST_FILE: Final = "manifest.sha256"


def export_case(
    history: History,
    cases: Cases,
    number: int,
    path: Path,
    *,
    reports: Mapping[int, bytes] | None = None,
) -> int:
    """Write a case to a zip, whole or not at all; the number of its records.

    Args:
        history: has the records and their pictures.
        cases: has the case.
        number: of the case.
        path: of the zip.
        reports: whole HTML pages on records, by number, such as `reports` makes.

    Raises:
        HistoryError: If the case is gone.
        OSError: If the zip cannot be written.
        DatabaseUnavailableError: If the database cannot be used.
    """
    case = cases.get(number)
    records = [
        each for part in history.pages(HistoryFilter(case=case.name)) for each in part
    ]
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        _write_pictures(folder, history, records)
        _write_reports(folder, reports or {}, records)
        write_csv(folder / TABLE_FILE, [records], history.networks())
        write_jsonl(folder / RECORDS_FILE, [records])
        _write_page(folder, case, records)
        _write_manifest(folder)
        _pack(folder, path)
    return len(records)


def _write_pictures(
    folder: Path, history: History, records: Sequence[HistoryRecord]
) -> None:
    """Write the picture of each record, and the file as it was given if it was kept."""
    (folder / "pictures").mkdir()
    (folder / "originals").mkdir()
    for record in records:
        for number, png in history.pictures([record.id]).items():
            (folder / _picture(number)).write_bytes(png)
        original = history.original(record.id)
        if original is not None:
            # by its number alone: a name that a stranger gave is no path
            (folder / "originals" / f"{record.id}.bin").write_bytes(original)


def _write_reports(
    folder: Path, reports: Mapping[int, bytes], records: Sequence[HistoryRecord]
) -> None:
    """Write the reports on the records of the case."""
    (folder / "reports").mkdir()
    for record in records:
        if record.id in reports:
            (folder / _report(record.id)).write_bytes(reports[record.id])


def _write_page(folder: Path, case: Case, records: Sequence[HistoryRecord]) -> None:
    """Write the page that has links to all the rest."""
    page = _ENVIRONMENT.get_template("case.html.jinja").render(
        case=case,
        records=records,
        picture=_picture,
        has_picture=lambda number: (folder / _picture(number)).exists(),
        report=_report,
        has_report=lambda number: (folder / _report(number)).exists(),
        made=datetime.now(UTC),
        table=TABLE_FILE,
        lines=RECORDS_FILE,
        manifest=MANIFEST_FILE,
    )
    (folder / PAGE_FILE).write_text(page, "utf-8")


def _write_manifest(folder: Path) -> None:
    """Write the SHA-256 of every file that is there."""
    lines = [f"{file_sha256(folder / name)}  {name}\n" for name in _files(folder)]
    (folder / MANIFEST_FILE).write_text("".join(lines), "utf-8")


def _pack(folder: Path, path: Path) -> None:
    """Write the files of a folder to a zip."""
    with write_whole(path) as scratch, ZipFile(scratch, "w", ZIP_DEFLATED) as archive:
        for name in _files(folder):
            archive.write(folder / name, name)


def _files(folder: Path) -> list[str]:
    """Files in a folder and below, sorted, with slashes."""
    files = (each for each in folder.rglob("*") if each.is_file())
    return sorted(each.relative_to(folder).as_posix() for each in files)


def _picture(number: int) -> str:
    """File of a record's picture."""
    return f"pictures/{number}.png"


def _report(number: int) -> str:
    """File of the report on a record."""
    return f"reports/{number}.html"


_ENVIRONMENT: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
