"""How long answers take: the median of a warm call."""

import numpy as np
import pytest

from cifake_core.evaluation import latency
from tests.fakes import constant_probe


def test_the_median_leaves_out_the_first_call():
    """A slow first call and one slow repetition do not show."""
    now = iter([0, 1, 10, 12, 20, 90])
    seen = []

    seconds = latency.median_seconds(
        lambda image: seen.append(int(image[0])),
        [np.array([1], np.uint8), np.array([2], np.uint8)],
        repetitions=3,
        clock=lambda: next(now),
    )

    assert seconds == 2
    assert seen == [1, 1, 2, 1]


def test_two_calls_take_turns():
    """What slows one slows the other: both come to every picture, one by one."""
    now = iter([0, 1, 1, 4, 10, 11, 11, 14])
    seen = []

    seconds = latency.medians_in_turns(
        [lambda image: seen.append(image[0]), lambda image: seen.append(-image[0])],
        np.array([[1], [2]], np.int8),
        repetitions=2,
        clock=lambda: next(now),
    )

    assert seconds == [1, 3]
    assert seen == [1, -1, 1, -1, 2, -2]


def test_a_card_says_what_one_picture_takes():
    """In milliseconds; each of 50 is asked alone, after one to get warm."""
    probe = constant_probe("rgb", 1.0)
    now = iter(range(1000))

    found = latency.latency_milliseconds(
        probe, np.zeros((60, 32, 32, 3), np.uint8), clock=lambda: next(now)
    )

    assert found == pytest.approx(1000)
    assert probe.calls == [1] * 51
