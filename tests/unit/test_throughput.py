"""The speed of training: both ways are run, on the same network and pictures."""

import pytest

from cifake_core import throughput
from tests.fakes import noise

pytestmark = pytest.mark.slow


def test_both_ways_are_timed(monkeypatch):
    """Two rates come out, for batches that were really trained on."""
    monkeypatch.setattr(throughput, "_NUM_WARM", 1)
    monkeypatch.setattr(throughput, "_NUM_TIMED", 2)
    monkeypatch.setattr(throughput, "_NUM_BATCHES", 5)
    pictures = [noise(seed) for seed in range(4)]

    ours, fit = throughput.training_throughput("cnn", pictures)

    assert ours > 0
    assert fit > 0
