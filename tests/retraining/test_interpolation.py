"""Interpolation between old and new weights: the farthest that forgets little."""

from dataclasses import replace

import numpy as np
import pytest

from cifake_core.retraining.interpolation import (
    PLACES,
    Asked,
    choose_share,
    interpolate,
)

#: 400 pictures of CIFAKE, half of them photographs, and 200 fakes of a generator.
_LABELS = np.repeat(np.array([1, 0, 0], np.int8), 200)
_ASKED = Asked(
    images=np.zeros((600, 32, 32, 3), np.uint8),
    labels=_LABELS,
    cifake=np.arange(600) < 400,
    known={
        "CIFAKE": (np.arange(600) >= 200) & (np.arange(600) < 400),
        "flow": np.arange(600) >= 400,
    },
    corrupted={},
)
OLD, NEW = [np.zeros(1, np.float32)], [np.ones(1, np.float32)]


def answers(forgets_from: float, *, what: slice):
    """Return logits that tell all apart, but for `what` from some share on."""

    def answer(weights):
        logits = np.where(_LABELS == 1, 4.0, -4.0).astype(np.float32)
        logits += np.linspace(-1, 1, 600, dtype=np.float32)
        if weights[0][0] >= forgets_from:
            logits[what] *= -1
        return logits

    return answer


def test_weights_lie_at_their_share_of_the_way():
    """A quarter of the way from 2 to 6 is 3; types stay."""
    found = interpolate(
        [np.array([2.0, 0.0], np.float32)], [np.array([6.0, 4.0], np.float32)], 0.25
    )

    assert found[0].tolist() == [3.0, 1.0]
    assert found[0].dtype == np.float32


@pytest.mark.parametrize(
    ("forgets_from", "share"), [(2.0, 1.0), (0.9, 14 / 16), (0.6, 9 / 16)]
)
@pytest.mark.parametrize(
    "what", [slice(400, 420), slice(200, 220), slice(0, 20)], ids=["flow", "SD", "REAL"]
)
def test_the_farthest_that_forgets_little_is_chosen(forgets_from, share, what):
    """Twenty pictures on the wrong side are too many, whoever made them."""
    found = choose_share(OLD, NEW, _ASKED, answers(forgets_from, what=what))

    assert found == share


@pytest.mark.parametrize(("wrong", "share"), [(1, 1.0), (3, 9 / 16)])
def test_corrupted_pictures_count(wrong, share):
    """Of 200 copies a hundredth may be called wrongly, less a fifth: one, not three."""
    corrupted = np.arange(600) % 3 == 0
    asked = replace(_ASKED, known={}, corrupted={"blur": corrupted})
    sure = np.where(_LABELS == 1, 4.0, -4.0).astype(np.float32)

    def answer(weights):
        logits = sure.copy()
        if weights[0][0] >= 0.6:
            # such as no threshold mends, and none of CIFAKE's own
            logits[np.flatnonzero(corrupted & ~_ASKED.cifake)[:wrong]] = 5.0
        return logits

    assert choose_share(OLD, NEW, asked, answer) == share


def test_where_all_forget_the_nearest_is_chosen():
    """The gate will say what is lost."""
    found = choose_share(OLD, NEW, _ASKED, answers(0.01, what=slice(400, 500)))

    assert found == 1 / PLACES


def test_progress_is_told_after_each_weights():
    """Both ends and four halvings are asked about, at sixteen places."""
    told: list[float] = []

    choose_share(
        OLD, NEW, _ASKED, answers(0.6, what=slice(400, 420)), progress=told.append
    )

    assert told == pytest.approx([number / 6 for number in range(1, 7)])


def test_accuracy_counts_where_areas_hardly_change():
    """One fake among the lowest photographs costs a picture of 400, and no area."""

    def answer(weights):
        logits = np.where(_LABELS == 1, 4.0, -4.0).astype(np.float32)
        logits += np.linspace(0, 1, 600, dtype=np.float32)
        if weights[0][0] >= 0.6:
            logits[250] = logits[1] + 0.001
        return logits

    assert choose_share(OLD, NEW, _ASKED, answer) == 9 / 16
