"""From signals to a decision: the whole truth table."""

from dataclasses import replace

import numpy as np
import pytest

from cifake_core.basics.labels import DECISIONS
from cifake_core.verdicts.rule import (
    ABSTAIN_REASONS,
    NOT_ASKED,
    AbstainThresholds,
    Signals,
    abstain_reasons,
    decisions,
    needs_stability,
)
from cifake_core.verdicts.sentences import decide

LIMITS = AbstainThresholds(
    max_grid_distance=0.15,
    max_feature_distance=1.4,
    min_confidence=0.7,
    clear_confidence=0.9,
    min_kept=15,
    expert_fake=0.99,
    expert_doubt=0.8,
    expert_veto=0.05,
)


def signals(  # noqa: PLR0913 - one picture's facts, by keyword
    p_real: float = 0.97,
    *,
    cnn: float = 0.9,
    cnn3d: float = 0.8,
    distance: float = 0.05,
    feature_distance: float = 1.0,
    kept: int = NOT_ASKED,
    kernels: dict[str, float] | None = None,
    expert: float | None = None,
) -> Signals:
    """Return the signals on one picture; the expert is of the ensemble's mind."""
    return Signals(
        p_real=np.array([p_real]),
        parts={"cnn": np.array([cnn]), "cnn3d": np.array([cnn3d])},
        expert=np.array([p_real if expert is None else expert]),
        grid_distance=np.array([distance]),
        feature_distance=np.array([feature_distance]),
        kept=np.array([kept]),
        num_changes=20,
        kernels={name: np.array([p]) for name, p in (kernels or {}).items()},
    )


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (signals(), ()),
        (signals(0.03, cnn=0.1, cnn3d=0.2), ()),
        # far from the grid of CIFAKE's compression, however sure
        (signals(distance=0.15), ()),
        (signals(distance=0.151), ("origin",)),
        # or far from what the networks learnt from
        (signals(feature_distance=1.4), ()),
        (signals(feature_distance=1.41), ("unlike",)),
        # at the least confidence, and below it on either side
        (signals(0.7), ()),
        (signals(0.69), ("weak",)),
        (signals(0.31, cnn=0.1, cnn3d=0.2), ("weak",)),
        # disagreement counts up to the clear confidence
        (signals(0.89, cnn3d=0.4), ("split",)),
        (signals(0.9, cnn3d=0.4), ()),
        # a trace that the expert finds speaks against REAL, up to what it surely finds
        (signals(0.99, expert=0.21), ()),
        (signals(0.99, expert=0.19), ("trace",)),
        (signals(0.99, expert=0.011), ("trace",)),
        (signals(0.99, expert=0.009), ()),
        # that it finds nothing speaks against FAKE
        (signals(0.02, cnn=0.1, cnn3d=0.2, expert=0.94), ()),
        (signals(0.02, cnn=0.1, cnn3d=0.2, expert=0.96), ("alone",)),
        # what it surely finds does not hang on the others, but on what all rest on
        (signals(0.6, cnn3d=0.4, kept=3, kernels={"area": 0.4}, expert=0.005), ()),
        (signals(0.99, distance=0.2, expert=0.005), ("origin",)),
        (signals(0.99, feature_distance=1.5, expert=0.005), ("unlike",)),
        # so do small changes
        (signals(0.89, kept=15), ()),
        (signals(0.89, kept=14), ("unstable",)),
        (signals(0.89, kept=0), ("unstable",)),
        (signals(0.9, kept=0), ()),
        # a kernel that changes the answer counts however sure the others are
        (signals(kernels={"area": 0.97, "bicubic": 0.6}), ()),
        (signals(kernels={"area": 0.97, "bicubic": 0.4}), ("kernel",)),
        # all at once, in the order of the table
        (
            signals(
                0.6,
                cnn3d=0.4,
                distance=0.5,
                feature_distance=2.0,
                kept=3,
                kernels={"area": 0.4},
                expert=0.15,
            ),
            tuple(reason for reason in ABSTAIN_REASONS if reason != "alone"),
        ),
    ],
)
def test_the_truth_table(found, expected):
    """Each reason has its own threshold, and one alone makes a picture UNSURE."""
    assert tuple(
        reason
        for reason, applies in abstain_reasons(found, LIMITS).items()
        if applies[0]
    ) == (expected)

    decision, reasons = decide(found, LIMITS)

    surely_found = 1 - found.expert[0] >= LIMITS.expert_fake
    likely = "REAL" if found.p_real[0] >= 0.5 and not surely_found else "FAKE"
    assert decision == ("UNSURE" if expected else likely)
    assert reasons
    assert all(reason.endswith(".") for reason in reasons)
    if expected:
        assert len(reasons) == len(expected)


def test_many_pictures_are_ruled_on_as_one_by_one():
    """Numbers of `DECISIONS`, in the order of the pictures; a tie is REAL."""
    singles = [
        signals(0.03, cnn=0.1, cnn3d=0.2),
        signals(),
        signals(distance=0.4),
        signals(0.8, kept=2),
    ]
    together = Signals(
        p_real=np.concatenate([each.p_real for each in singles]),
        parts={
            name: np.concatenate([each.parts[name] for each in singles])
            for name in ("cnn", "cnn3d")
        },
        expert=np.concatenate([each.expert for each in singles]),
        grid_distance=np.concatenate([each.grid_distance for each in singles]),
        feature_distance=np.ones(len(singles)),
        kept=np.concatenate([each.kept for each in singles]),
        num_changes=20,
    )

    given = decisions(together, LIMITS)

    assert [DECISIONS[number] for number in given] == [
        "FAKE",
        "REAL",
        "UNSURE",
        "UNSURE",
    ]
    assert given.tolist() == [int(decisions(each, LIMITS)[0]) for each in singles]
    tie = replace(LIMITS, min_confidence=0.5)
    assert DECISIONS[int(decisions(signals(0.5), tie)[0])] == "REAL"


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (signals(0.8), True),
        (signals(0.95), False),
        (signals(0.6), False),
        (signals(0.8, cnn3d=0.3), False),
        (signals(0.8, distance=0.3), False),
        (signals(0.8, feature_distance=2.0), False),
    ],
)
def test_changes_are_asked_for_where_the_verdict_hangs_on_them(found, expected):
    """Neither for a clear answer nor where there is a reason to abstain already."""
    assert needs_stability(found, LIMITS).tolist() == [expected]


def reasons(found: Signals) -> tuple[str, ...]:
    """Return the reasons for the decision, with plain spaces."""
    _, sentences = decide(found, LIMITS)
    return tuple(each.replace("\N{NO-BREAK SPACE}", " ") for each in sentences)


def test_reasons_for_a_verdict():
    """What speaks for it is told with its figures; changes if they were asked for."""
    clear = reasons(signals(0.999))
    close = reasons(signals(0.83, kept=17))
    split = reasons(signals(0.95, cnn3d=0.25))

    assert len(clear) == 2
    assert clear[0] == (
        "The 2D-CNN and 3D-CNN agree, and together they are over 99 % sure of their "
        "label. Nor does the Multi-generator CNN find what it knows."
    )
    assert clear[1] == (
        "Nothing speaks against relying on them: it was saved as the pictures that "
        "they learnt from were."
    )
    assert close[0].startswith(
        "The 2D-CNN and 3D-CNN agree, and together they are 83 %"
    )
    assert close[2] == "17 of 20 small changes leave the answer as it is."
    assert split[0] == (
        "The networks do not quite agree (the 2D-CNN says REAL (90 %), the 3D-CNN says "
        "FAKE (75 %)), but together they are 95 % sure of their label. Nor does the "
        "Multi-generator CNN find what it knows."
    )


def test_a_finding_of_the_expert_is_told_as_such():
    """The others do not contradict it: they could not know."""
    alone, _ = reasons(signals(0.98, expert=0.005))
    together, _ = reasons(signals(0.02, cnn=0.1, cnn3d=0.2, expert=0.005))
    (trace,) = reasons(signals(0.98, expert=0.15))
    (nothing,) = reasons(signals(0.02, cnn=0.1, cnn3d=0.2, expert=0.97))

    assert alone == (
        "The Multi-generator CNN, which has learnt the fakes of several generators, is "
        "over 99 % sure. The 2D-CNN and 3D-CNN say REAL, but have learnt those of "
        "CIFAKE alone."
    )
    assert together.endswith("sure, and the 2D-CNN and 3D-CNN say FAKE, too.")
    assert "finds a trace of other generators, 85 % sure" in trace
    assert nothing == (
        "The 2D-CNN and 3D-CNN say FAKE, but the Multi-generator CNN, which has learnt "
        "those fakes, too, says REAL (97 %)."
    )


def test_reasons_against_a_verdict():
    """Each names what was found, and not what was not."""
    found = signals(0.6, cnn3d=0.25, kept=9, distance=0.3)

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

    (origin, hanging) = reasons(signals(distance=0.3, kernels=kernels))

    assert "was not made at 32x32 pixels" in origin
    assert hanging == (
        "The answer follows the way of bringing it to 32x32 pixels: FAKE by bilinear "
        "but REAL by area, Lanczos."
    )
