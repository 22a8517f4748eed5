"""The sample pictures that are shipped."""

import json
from pathlib import Path

import pytest

from cifake_core.pictures import reading

ASSETS = Path(__file__).resolve().parents[1] / "assets"
SAMPLES = json.loads((ASSETS / "samples.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["file"])
def test_every_sample_opens_and_is_described(sample):
    """A listed picture exists, is read without a note and names its licence."""
    picture = reading.read_picture(ASSETS / "samples" / sample["file"])

    assert picture.notes == ()
    assert set(sample) == {"file", "title", "alt", "source", "licence"}
    assert all(sample.values())
    assert sample["licence"] in {"CC0 1.0", "Public domain", "MIT, as the code"}


def test_samples_named_32_have_the_native_size():
    """The pictures that promise 32x32 pixels have them, and there are some."""
    native = [sample["file"] for sample in SAMPLES if "_32." in sample["file"]]

    pictures = [reading.read_picture(ASSETS / "samples" / name) for name in native]

    assert len(pictures) >= 3
    assert {picture.pixels.shape for picture in pictures} == {(32, 32, 3)}


def test_no_picture_is_shipped_without_its_source():
    """The folder holds the listed pictures alone, and they stay light."""
    files = list((ASSETS / "samples").iterdir())

    assert {file.name for file in files} == {sample["file"] for sample in SAMPLES}
    assert max(file.stat().st_size for file in files) < 200_000
    assert sum(file.stat().st_size for file in files) < 1_000_000
