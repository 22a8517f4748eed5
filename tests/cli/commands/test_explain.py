"""`explain`: a map that repeats, its hash, its figures, and a report."""

import hashlib
import json
import re

import numpy as np
import pytest

from cifake_core import cli
from cifake_core.basics.places import ASSETS

CAT = ASSETS / "samples" / "cat_32.png"
AREAS = (
    "deletion_auc",
    "random_deletion_auc",
    "insertion_auc",
    "random_insertion_auc",
)
KEYS = {
    "network",
    "method",
    "label",
    "seed",
    "settings",
    "heatmap_sha256",
    *AREAS,
    "trust_score",
    "trust_spread",
    "trust_beaten",
    "trust",
    "replacements",
    "seconds",
    "knows",
}


def explain(network: str, method: str, out) -> tuple[str, ...]:
    """Return the words that explain the sample picture."""
    return (
        *("explain", str(CAT), "--network", network, "--method", method),
        *("--out", str(out)),
    )


def record(capsys) -> dict:
    """Return the object on the last line of stdout."""
    return json.loads(capsys.readouterr().out.splitlines()[-1])


@pytest.mark.parametrize("network", ["cnn", "ensemble"])
@pytest.mark.parametrize("method", ["gradcam", "lime"])
def test_explain_writes_overlay_and_map(network, method, command, tmp_path, capsys):
    """The map is float32 (32, 32), its hash is the printed one, and it repeats."""
    folder = tmp_path / "out"
    folder.mkdir()
    records = []
    for name in ("a", "b"):
        words = explain(network, method, folder / f"{name}.png")
        place = folder / f"{name}.npy"
        assert command(*words, "--seed", 3, "--map", place, "--json") == 0
        records.append(record(capsys))

    heatmap = np.load(folder / "a.npy")
    first, second = records
    assert first.keys() == KEYS
    for area in AREAS:
        each = [facts[area] for facts in first["replacements"].values()]
        assert first[area] == pytest.approx(np.mean(each)) == second[area]
    assert (first["network"], first["method"], first["seed"]) == (network, method, 3)
    assert (heatmap.shape, heatmap.dtype) == ((32, 32), np.dtype("<f4"))
    assert hashlib.sha256(heatmap.tobytes()).hexdigest() == first["heatmap_sha256"]
    assert first["heatmap_sha256"] == second["heatmap_sha256"]
    assert (folder / "a.png").read_bytes() == (folder / "b.png").read_bytes()
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["a.npy", "a.png", "b.npy", "b.png"]


def test_explain_takes_settings_of_the_method(command, tmp_path, capsys):
    """What is set stands in the record, the last word counts, the rest is default."""
    words = explain("cnn", "occlusion", tmp_path / "a.png")

    status = command(*words, "--json", "--set", "side=4", "--set", "side=16")

    assert status == 0
    assert record(capsys)["settings"] == {"side": 16, "cover": "mean colour"}


def test_explain_says_how_far_to_trust_the_map(command, tmp_path, capsys):
    """A person reads the method and then the word, with the figures behind it."""
    status = command(*explain("cnn", "gradcam", tmp_path / "a.png"))

    first, second, third = capsys.readouterr().out.splitlines()
    assert status == 0
    assert "Grad-CAM for " in first
    assert re.match(r"The map is (faithful|weak|no better than chance): score ", second)
    assert third.endswith("the 2D-CNN knows only Stable Diffusion 1.4.")


def test_explain_defaults_to_the_networks_own_label(command, tmp_path, capsys):
    """Without --label it is what `predict` says; with it, the one asked for."""
    words = explain("cnn", "gradcam", tmp_path / "a.png")
    command("predict", CAT, "--network", "cnn", "--json")
    own = record(capsys)["label"]
    other = {"FAKE": "REAL", "REAL": "FAKE"}[own]

    labels = []
    for label in ((), ("--label", other)):
        command(*words, "--json", *label)
        labels.append(record(capsys)["label"])

    assert labels == [own, other]


@pytest.mark.parametrize("option", ["--out", "--map", "--report"])
def test_a_place_that_cannot_be_written_is_told(option, command, tmp_path, refusal):
    """A folder that is not there is named, and nothing is left beside."""
    place = tmp_path / "none" / "a.file"

    status = command(*explain("cnn", "gradcam", tmp_path / "a.png"), option, str(place))

    assert status == 2
    assert f"{place} cannot be written" in refusal()


@pytest.mark.slow
def test_explain_writes_a_report(random_models, tmp_path, capsys):
    """The page has the picture's name, the map's own hash, and what it says of itself.

    It says nothing of channels whose means the card does not give.
    """
    report = tmp_path / "a.html"
    words = explain("cnn3d", "gradcam", tmp_path / "a.png")

    status = cli.main(
        [*words, "--seed", "4", "--json", "--report", str(report)], random_models
    )

    found = record(capsys)
    page = report.read_text("utf-8")
    assert status == 0
    assert "<h1>cat_32.png</h1>" in page
    assert found["heatmap_sha256"] in page
    assert f"<b>{found['trust']}</b>" in page
    assert "Does the verdict hold?" in page
    assert "Fall without it" not in page
