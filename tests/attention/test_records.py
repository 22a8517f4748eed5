"""Mean maps by group: as if the pictures had been added up one by one."""

import numpy as np
import pytest

from cifake_core.attention import records
from cifake_core.attention.records import mean_map
from cifake_core.data import cifake
from tests import made_attention


@pytest.fixture
def split(tiny_dataset) -> cifake.Split:
    """Twelve test pictures."""
    return cifake.load(tiny_dataset, "test")


def test_groups_are_those_of_the_pictures(split):
    """Mean, spread and count of any group follow from the cells alone."""
    evidence = np.random.RandomState(0).normal(0, 3, (12, 8, 8)).astype("f4")
    found = made_attention.attention("cnn", "a1", split, evidence=evidence)
    cells = made_attention.attention_groups(split)
    label, _, called, decision = cells.T

    for asked, chosen in [
        ({}, np.ones(12, bool)),
        ({"label": 0}, label == 0),
        ({"called": 1, "label": 0}, (called == 1) & (label == 0)),
        ({"right": False}, called != label),
        ({"decision": 2}, decision == 2),
    ]:
        group = mean_map(found, **asked)
        assert group.n == chosen.sum() > 0
        assert group.mean == pytest.approx(evidence[chosen].mean(axis=0), abs=1e-5)
        assert group.spread == pytest.approx(evidence[chosen].std(axis=0), abs=1e-5)


def test_a_group_without_pictures_has_no_map(split):
    """No mean is made of nothing."""
    found = made_attention.attention("cnn", "a1", split)

    assert mean_map(found, label=1, called=1, decision=0, right=False) is None


def test_what_is_written_is_read(split, tmp_path):
    """Every array comes back, and no picture is among them."""
    from tests.cards import put_network

    put_network(tmp_path, "cnn", "a1")
    found = made_attention.attention("cnn", "a1", split)

    path = records.write(found, tmp_path / "cnn")
    read = records.read("cnn", tmp_path)

    assert read.sees_channels == found.sees_channels
    assert (read.positions == found.positions).all()
    assert (read.means == found.means).all()
    with np.load(path) as file:
        sizes = [file[name].shape for name in file.files]
    assert not [each for each in sizes if each[-3:] == (32, 32, 3)]
