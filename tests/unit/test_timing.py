"""How long answers take: the median of a warm call."""

import numpy as np
import pytest

from cifake_core import timing
from tests.fakes import constant_probe


def test_the_median_leaves_out_the_first_call(monkeypatch):
    """A slow first call and one slow repetition do not show."""
    now = iter([0, 1, 10, 12, 20, 90])
    monkeypatch.setattr(timing.time, "perf_counter", lambda: next(now))
    seen = []

    seconds = timing.median_seconds(
        lambda image: seen.append(int(image[0])),
        [np.array([1], np.uint8), np.array([2], np.uint8)],
        repetitions=3,
    )

    assert seconds == 2
    assert seen == [1, 1, 2, 1]


def test_a_card_says_what_one_picture_takes(monkeypatch):
    """In milliseconds; each of 50 is asked alone, after one to get warm."""
    probe = constant_probe("rgb", 1.0)
    now = iter(range(1000))
    monkeypatch.setattr(timing.time, "perf_counter", lambda: next(now))

    found = timing.latency(probe, np.zeros((60, 32, 32, 3), np.uint8))

    assert found == {"milliseconds": pytest.approx(1000)}
    assert probe.calls == [1] * 51
