"""`predict`: one object a picture and network; a bad picture stops nothing."""

import json

import pytest

from cifake_core import cli
from cifake_core.basics.places import ASSETS

CAT = ASSETS / "samples" / "cat_32.png"
KEYS = {
    "path",
    "network",
    "label",
    "verdict",
    "p_fake",
    "p_real",
    "reasons",
    "milliseconds",
}


def test_predict_prints_one_object_for_each_picture_and_network(command, capsys):
    """JSON Lines hold the promised keys; the verdict is the picture's."""
    status = command("predict", CAT, CAT, "--json")

    captured = capsys.readouterr()
    lines = [json.loads(line) for line in captured.out.splitlines()]
    assert status == 0
    assert captured.err == ""
    assert [line["network"] for line in lines] == ["cnn", "cnn3d", "ensemble"] * 2
    for line in lines:
        assert line.keys() == KEYS
        assert line["path"] == str(CAT)
        assert line["p_fake"] + line["p_real"] == pytest.approx(1)
        assert line["label"] == ("REAL" if line["p_real"] >= 0.5 else "FAKE")
        assert line["verdict"] == lines[0]["verdict"]
        assert line["reasons"] == lines[0]["reasons"]


def test_a_bad_picture_does_not_stop_the_others(command, tmp_path, capsys):
    """Its line carries path and error, the rest is judged, the status is 2."""
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"")

    status = command("predict", bad, CAT, "--network", "cnn3d", "--json")

    captured = capsys.readouterr()
    first, second = (json.loads(line) for line in captured.out.splitlines())
    assert status == 2
    assert first.keys() == {"path", "error"}
    assert first["path"] == str(bad)
    assert (second["path"], second["network"]) == (str(CAT), "cnn3d")
    assert captured.err == "1 of 2 pictures could not be judged.\n"


def test_predict_reads_well_without_json(command, tmp_path, capsys):
    """A person gets a line a network, the reasons, and the fault of a bad file."""
    status = command("predict", CAT, tmp_path / "none.png")

    first, second, third, *others, last = capsys.readouterr().out.splitlines()
    assert status == 2
    assert first.startswith(f"{CAT}: 2D-CNN says ")
    assert second.startswith(f"{CAT}: 3D-CNN says ")
    assert third.startswith(f"{CAT}: Ensemble says ")
    assert third.endswith("verdict UNSURE")
    assert all(line.startswith("  ") for line in others)
    assert "There is no file" in last


@pytest.mark.parametrize("name", ["vit", "pavani"])
def test_predict_refuses_a_network_that_is_not_there(name, command, refusal):
    """Neither an unknown nor an untrained network is asked."""
    status = command("predict", CAT, "--network", name)

    assert status == 2
    assert f"called '{name}'" in refusal()


@pytest.mark.slow
def test_predict_asks_trained_networks(random_models, capsys):
    """`all` is cnn, cnn3d and ensemble, each with the object that it sees."""
    status = cli.main(["predict", str(CAT), "--json"], random_models)

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert status == 0
    assert [line["network"] for line in lines] == ["cnn", "cnn3d", "ensemble"]
    assert all(
        line.keys() == KEYS | {"object_class", "object_probability"} for line in lines
    )
