"""Rows of records for files: as JSON, and in the columns of a table.

A label or a probability of REAL never stands without what the network knows, nor a
decision without its scope.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

from cifake_core.cases.records import HistoryRecord
from cifake_core.verdicts.records import ObjectPrediction


def record_json(record: HistoryRecord) -> dict[str, Any]:  # of JSON values
    """Record for a program; predictions have the keys of `predict --json`."""
    finding = record.finding
    return {
        "id": record.id,
        "time": record.moment.isoformat(),
        "source": record.source,
        "path": record.name,
        "bytes_sha256": record.bytes_sha256,
        "pixels_sha256": record.pixels_sha256,
        "perceptual_hash": record.perceptual_hash,
        "verdict": record.decision,
        "headline": record.headline,
        "reasons": list(record.reasons),
        "scope": list(record.system.scope),
        "predictions": [
            {
                "network": each.network,
                "label": each.label,
                "p_fake": each.p_fake,
                "p_real": each.p_real,
                "milliseconds": each.milliseconds,
                "knows": list(each.known),
                **_object_seen(each.object_prediction),
            }
            for each in record.predictions.values()
        ],
        "file": record.file and record.file.to_json(),
        "weights": dict(record.system.weights),
        "policy_sha256": record.system.policy_sha256,
        "program": record.system.program,
        "finding": finding and finding.opinion,
        "finding_reason": finding and finding.reason,
        "finding_time": finding and finding.moment.isoformat(),
        "note": record.note,
        "tags": list(record.tags),
        "cases": list(record.cases),
        "binned": record.binned and record.binned.isoformat(),
    }


def _object_seen(seen: ObjectPrediction | None) -> dict[str, object]:
    """JSON values of the object that a network sees."""
    if seen is None:
        return {}
    return {"object_class": seen.object_class, "object_probability": seen.probability}


def column_type(name: str) -> pa.DataType:
    """Type of a column in Parquet."""
    if name == "id":
        return pa.int64()
    if name in ("time", "finding_time"):
        return pa.timestamp("us", tz="UTC")
    return pa.float64() if name.startswith("p_fake_") else pa.string()


def column_names(networks: Sequence[str]) -> tuple[str, ...]:
    """Names of the columns."""
    answers = (f"{each}_{name}" for name in networks for each in _ANSWERS)
    return (*_COLUMNS, *answers, *_LAST)


def row_of(
    record: HistoryRecord, networks: Sequence[str], *, blank: str | None = ""
) -> dict[str, object]:
    """Values of the columns by name; `blank` where there is none."""
    row: dict[str, object] = {name: of(record) for name, of in _COLUMNS.items()}
    for name in networks:
        each = record.predictions.get(name)
        row[f"label_{name}"] = each.label if each else None
        row[f"p_fake_{name}"] = each.p_fake if each else None
        row[f"knows_{name}"] = each.knows if each else None
    row |= {name: of(record) for name, of in _LAST.items()}
    if blank is None:
        return row
    return {name: blank if value is None else value for name, value in row.items()}


_COLUMNS: Final[Mapping[str, Callable[[HistoryRecord], object]]] = {
    "id": lambda record: record.id,
    "time": lambda record: record.moment,
    "source": lambda record: record.source,
    "path": lambda record: record.name,
    "verdict": lambda record: record.decision,
    "headline": lambda record: record.headline,
    "reasons": lambda record: " ".join(record.reasons),
    "scope": lambda record: " ".join(record.system.scope),
    "finding": lambda record: record.finding and record.finding.opinion,
    "finding_reason": lambda record: record.finding and record.finding.reason,
    "finding_time": lambda record: record.finding and record.finding.moment,
    "note": lambda record: record.note,
    "tags": lambda record: ", ".join(record.tags),
    "cases": lambda record: ", ".join(record.cases),
}
#: Columns for each network, before its name.
_ANSWERS: Final = ("label", "p_fake", "knows")
_LAST: Final[Mapping[str, Callable[[HistoryRecord], object]]] = {
    "bytes_sha256": lambda record: record.bytes_sha256,
    "pixels_sha256": lambda record: record.pixels_sha256,
    "perceptual_hash": lambda record: record.perceptual_hash,
    "weights": lambda record: " ".join(
        f"{name}={sha256}" for name, sha256 in sorted(record.system.weights.items())
    ),
    "policy_sha256": lambda record: record.system.policy_sha256,
    "program": lambda record: record.system.program,
}
