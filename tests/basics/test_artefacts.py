"""The dialect of artefacts: records as JSON, and how strict reading is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

import pytest

from cifake_core.basics.artefacts import Artefact, from_json, to_json
from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.estimates import Estimate


@dataclass(frozen=True, kw_only=True)
class Row:
    """A record within a record."""

    label: Literal["FAKE", "REAL"]
    share: Estimate


@dataclass(frozen=True, kw_only=True)
class Made:
    """A record of every kind of value that artefacts have."""

    SCHEMA: ClassVar[int] = 3

    rows: tuple[Row, ...]
    cells: tuple[tuple[int, int], tuple[int, int]]
    settings: Mapping[str, int | float]
    whole: int
    tuned: bool
    milliseconds: float | None = None


HALF = Estimate(value=0.5, low=0.25, high=0.75)
RECORD = Made(
    rows=(Row(label="REAL", share=HALF),),
    cells=((1, 2), (3, 4)),
    settings={"epochs": 3, "rate": 0.1},
    whole=7,
    tuned=True,
)


def made(folder: Path) -> Artefact:
    """Return the artefact of such a record in a folder."""
    return Artefact(folder / "made.json", what="made record", remedy="Make it.")


def test_the_dialect(tmp_path):
    """Fields stand beside the schema; what has no value yet is left out."""
    path = made(tmp_path).write(RECORD)

    assert json.loads(path.read_text("utf-8")) == {
        "schema": 3,
        "rows": [{"label": "REAL", "share": {"value": 0.5, "low": 0.25, "high": 0.75}}],
        "cells": [[1, 2], [3, 4]],
        "settings": {"epochs": 3, "rate": 0.1},
        "whole": 7,
        "tuned": True,
    }


def test_a_record_comes_back(tmp_path):
    """Tuples are tuples again, and whole numbers whole."""
    made(tmp_path).write(RECORD)

    found = made(tmp_path).read(Made)

    assert to_json(found) == to_json(RECORD)
    assert found.rows[0].share.high == 0.75
    assert isinstance(found.cells[1], tuple)
    assert isinstance(found.settings["epochs"], int)


def test_numbers_that_json_lacks_are_not_written(tmp_path):
    """No reader but Python's would understand them; what was there stays."""
    path = made(tmp_path).write(RECORD)
    before = path.read_bytes()
    lost = Made(**{**vars(RECORD), "milliseconds": float("nan")})

    with pytest.raises(ValueError, match="not JSON compliant"):
        made(tmp_path).write(lost)

    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["made.json"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"whole": "7"}, r"expected int, received '7' @ record\.whole"),
        ({"whole": 7.5}, r"expected int, received 7\.5"),
        ({"whole": True}, "expected int, received True"),
        ({"tuned": 1}, "expected bool, received 1"),
        ({"cells": [[1, 2]]}, r"record\.cells"),
        ({"rows": [{"label": "REAL"}]}, r"it lacks 'share' @ record\.rows\[0\]"),
        ({"settings": {"rate": "x"}}, r"record\.settings\['rate'\]"),
    ],
)
def test_values_of_other_types_are_refused(change, reason):
    """They are named by their place in the record."""
    with pytest.raises(ValueError, match=reason):
        from_json(to_json(RECORD) | change, Made)


def test_a_schema_is_needed(tmp_path):
    """A file of before there were schemas says so."""
    path = tmp_path / "made.json"
    path.write_text(json.dumps(to_json(RECORD)), "utf-8")

    with pytest.raises(
        ModelUnavailableError,
        match=r"The made record .*made\.json cannot be read: it is of schema none, "
        r"this version reads schema 3\. Make it\.",
    ):
        made(tmp_path).read(Made)
