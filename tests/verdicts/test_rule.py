"""From evidence to a ruling: the whole truth table."""

from dataclasses import replace

import numpy as np
import pytest

from cifake_core.basics.labels import RULINGS
from cifake_core.verdicts.rule import (
    DOUBTS,
    NOT_ASKED,
    Evidence,
    Thresholds,
    doubts,
    rule,
    rulings,
    worth_changing,
)

LIMITS = Thresholds(
    max_grid_distance=0.15,
    max_feature_distance=1.4,
    min_confidence=0.7,
    clear_confidence=0.9,
    min_kept=15,
)


def evidence(  # noqa: PLR0913 - one picture's facts, by keyword
    p_real: float = 0.97,
    *,
    cnn: float = 0.9,
    cnn3d: float = 0.8,
    distance: float = 0.05,
    feature_distance: float = 1.0,
    kept: int = NOT_ASKED,
    kernels: dict[str, float] | None = None,
) -> Evidence:
    """Return the evidence on one picture."""
    return Evidence(
        p_real=np.array([p_real]),
        parts={"cnn": np.array([cnn]), "cnn3d": np.array([cnn3d])},
        grid_distance=np.array([distance]),
        feature_distance=np.array([feature_distance]),
        kept=np.array([kept]),
        num_changes=20,
        kernels={name: np.array([p]) for name, p in (kernels or {}).items()},
    )


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (evidence(), ()),
        (evidence(0.03, cnn=0.1, cnn3d=0.2), ()),
        # far from the grid of CIFAKE's compression, however sure
        (evidence(distance=0.15), ()),
        (evidence(distance=0.151), ("origin",)),
        # or far from what the networks learnt from
        (evidence(feature_distance=1.4), ()),
        (evidence(feature_distance=1.41), ("unlike",)),
        # at the least confidence, and below it on either side
        (evidence(0.7), ()),
        (evidence(0.69), ("weak",)),
        (evidence(0.31, cnn=0.1, cnn3d=0.2), ("weak",)),
        # disagreement counts up to the clear confidence
        (evidence(0.89, cnn3d=0.4), ("split",)),
        (evidence(0.9, cnn3d=0.4), ()),
        # so do small changes
        (evidence(0.89, kept=15), ()),
        (evidence(0.89, kept=14), ("unstable",)),
        (evidence(0.89, kept=0), ("unstable",)),
        (evidence(0.9, kept=0), ()),
        # a kernel that changes the answer counts however sure the others are
        (evidence(kernels={"area": 0.97, "bicubic": 0.6}), ()),
        (evidence(kernels={"area": 0.97, "bicubic": 0.4}), ("kernel",)),
        # all at once, in the order of the table
        (
            evidence(
                0.6,
                cnn3d=0.4,
                distance=0.5,
                feature_distance=2.0,
                kept=3,
                kernels={"area": 0.4},
            ),
            DOUBTS,
        ),
    ],
)
def test_the_truth_table(found, expected):
    """Each doubt has its own border, and one alone makes a picture UNSURE."""
    assert tuple(
        doubt for doubt, about in doubts(found, LIMITS).items() if about[0]
    ) == (expected)

    ruling, reasons = rule(found, LIMITS)

    likely = "REAL" if found.p_real[0] >= 0.5 else "FAKE"
    assert ruling == ("UNSURE" if expected else likely)
    assert reasons
    assert all(reason.endswith(".") for reason in reasons)
    if expected:
        assert len(reasons) == len(expected)


def test_many_pictures_are_ruled_on_as_one_by_one():
    """Numbers of `RULINGS`, in the order of the pictures; a tie is REAL."""
    singles = [
        evidence(0.03, cnn=0.1, cnn3d=0.2),
        evidence(),
        evidence(distance=0.4),
        evidence(0.8, kept=2),
    ]
    together = Evidence(
        p_real=np.concatenate([each.p_real for each in singles]),
        parts={
            name: np.concatenate([each.parts[name] for each in singles])
            for name in ("cnn", "cnn3d")
        },
        grid_distance=np.concatenate([each.grid_distance for each in singles]),
        feature_distance=np.ones(len(singles)),
        kept=np.concatenate([each.kept for each in singles]),
        num_changes=20,
    )

    given = rulings(together, LIMITS)

    assert [RULINGS[number] for number in given] == ["FAKE", "REAL", "UNSURE", "UNSURE"]
    assert given.tolist() == [int(rulings(each, LIMITS)[0]) for each in singles]
    tie = replace(LIMITS, min_confidence=0.5)
    assert RULINGS[int(rulings(evidence(0.5), tie)[0])] == "REAL"


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (evidence(0.8), True),
        (evidence(0.95), False),
        (evidence(0.6), False),
        (evidence(0.8, cnn3d=0.3), False),
        (evidence(0.8, distance=0.3), False),
        (evidence(0.8, feature_distance=2.0), False),
    ],
)
def test_changes_are_asked_for_where_the_verdict_hangs_on_them(found, expected):
    """Neither for a clear answer nor where there is a doubt already."""
    assert worth_changing(found, LIMITS).tolist() == [expected]


def reasons(found: Evidence) -> tuple[str, ...]:
    """Return the reasons for the ruling, with plain spaces."""
    _, sentences = rule(found, LIMITS)
    return tuple(each.replace("\N{NO-BREAK SPACE}", " ") for each in sentences)


def test_reasons_for_a_verdict():
    """What speaks for it is told with its figures; changes if they were asked for."""
    clear = reasons(evidence(0.999))
    close = reasons(evidence(0.83, kept=17))
    split = reasons(evidence(0.95, cnn3d=0.25))

    assert clear == (
        "The networks agree, and together they are over 99 % sure.",
        "It was saved as the pictures they learnt from were, and looks like them.",
    )
    assert close[0] == "The networks agree, and together they are 83 % sure."
    assert close[2] == "17 of 20 small changes leave the answer as it is."
    assert split[0] == (
        "The networks do not quite agree (the 2D-CNN says REAL (90 %), the 3D-CNN says "
        "FAKE (75 %)), but together they are 95 % sure."
    )


def test_reasons_against_a_verdict():
    """Each names what was found, and not what was not."""
    found = evidence(0.6, cnn3d=0.25, kept=9, distance=0.3)

    origin, weak, split, unstable = reasons(found)

    assert "lacks the traces of saving" in origin
    assert weak == "Together the networks are only 60 % sure."
    assert split == (
        "The networks disagree: the 2D-CNN says REAL (90 %), the 3D-CNN says FAKE "
        "(75 %)."
    )
    assert unstable == "Only 9 of 20 small changes leave the answer as it is."


def test_a_picture_of_another_size_is_told_so():
    """What was wrong with its origin is the resampling; each kernel's word is given."""
    kernels = {"area": 0.9, "bilinear": 0.2, "Lanczos": 0.8}

    (origin, hanging) = reasons(evidence(distance=0.3, kernels=kernels))

    assert "was not made at 32x32 pixels" in origin
    assert hanging == (
        "The answer follows the way of bringing it to 32x32 pixels: FAKE by bilinear "
        "but REAL by area, Lanczos."
    )
