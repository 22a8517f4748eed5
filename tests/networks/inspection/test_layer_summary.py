"""The table of the papers' layers: that of the networks, readable without Keras."""

import re

import pytest

from cifake_core import cli
from cifake_core.basics.places import CHECKOUT
from cifake_core.networks import PAPERS
from cifake_core.networks.inspection import layer_summary

MODELS = CHECKOUT / "models"


@pytest.mark.slow
def test_the_shipped_table_is_that_of_the_networks():
    """Every layer of every network is as it is built now."""
    assert layer_summary.read(MODELS) == {
        name: layer_summary.describe(name) for name in PAPERS
    }


@pytest.mark.parametrize(
    ("name", "does", "output", "parameters", "multiply_adds"),
    [
        (
            "pavani",
            "Convolution, 32 filters of 3x3, ReLU",
            (30, 30, 32),
            3 * 9 * 32 + 32,
            30 * 30 * 3 * 9 * 32,
        ),
        ("pavani", "Dense, 32 units, ReLU", (32,), 1_152 * 32 + 32, 1_152 * 32),
        ("pavani", "Dense, 1 unit: the score for REAL", (1,), 33, 32),
        ("pavani_modified", "Dropout, 25% left out in training", (15, 15, 32), 0, 0),
        ("pavani_modified", "Average of each map", (32,), 0, 0),
        ("pallavi", "Enlarged to 128x128 pixels", (128, 128, 3), 0, 0),
        ("tulasi", "Batch normalisation", (30, 30, 32), 128, 0),
        ("hosen_cnn3d", "Read as 32x32x3x1", (32, 32, 3, 1), 0, 0),
        ("hosen_cnn3d", "Max-pool, 1x2x2", (32, 16, 1, 32), 0, 0),
        (
            "hosen_cnn3d",
            "Convolution, 32 filters of 3x3x3, ReLU, edges padded",
            (32, 32, 3, 32),
            27 * 32 + 32,
            32 * 32 * 3 * 27 * 32,
        ),
    ],
)
def test_layers_worked_by_hand(name, does, output, parameters, multiply_adds):
    """What the first layer of a kind does, what it makes and what it costs."""
    layer = next(each for each in layer_summary.read(MODELS)[name] if each.does == does)

    assert layer.output == output
    assert (layer.parameters, layer.multiply_adds) == (parameters, multiply_adds)


def test_hosens_numbers_are_the_papers():
    """Their parameters are those that the paper states."""
    totals = {
        name: sum(layer.parameters for layer in rows)
        for name, rows in layer_summary.read(MODELS).items()
    }

    assert totals["hosen_cnn"] == 4_985_377
    assert totals["hosen_cnn3d"] == 14_271_521


def test_all_begin_with_the_picture_and_end_with_the_logit():
    """From (32, 32, 3) to one number."""
    for rows in layer_summary.read(MODELS).values():
        assert (rows[0].does, rows[0].output) == ("The picture, RGB", (32, 32, 3))
        assert (rows[-1].name, rows[-1].output) == ("logit", (1,))


@pytest.mark.slow
def test_the_command_writes_the_table(tmp_path, monkeypatch, capsys):
    """It says what each network costs, and leaves what can be read again."""
    monkeypatch.setenv("CIFAKE_MODELS", str(tmp_path))

    status = cli.main(["layers"])

    out = capsys.readouterr().out
    assert status == 0
    assert re.search(r"pavani_modified\s+11\s+11,233\s+2,336,160", out)
    assert layer_summary.read(tmp_path).keys() == PAPERS.keys()
    assert [path.name for path in tmp_path.iterdir()] == [layer_summary.LAYERS_FILE]
