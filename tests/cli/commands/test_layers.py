"""`layers`: the table of the papers' layers."""

import pytest

from cifake_core import cli
from cifake_core.networks import PAPERS
from cifake_core.networks.inspection import layer_summary


@pytest.mark.slow
def test_the_table_is_written_and_said(models, capsys):
    """Every paper's network has its layers in the file and a line on stdout."""
    status = cli.main(["layers"], models)

    heads, *rows, last = capsys.readouterr().out.splitlines()
    assert status == 0
    assert last == str(models / layer_summary.LAYERS_FILE)
    assert heads.split()[:3] == ["network", "layers", "parameters"]
    assert [row.split()[0] for row in rows] == list(layer_summary.read(models))
    assert set(layer_summary.read(models)) >= set(PAPERS) - {"hosen_cnn3d"}
