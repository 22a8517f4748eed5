"""A study of generators never met, with figures by hand."""

from collections.abc import Mapping

from cifake_core.basics.estimates import Estimate, proportion
from cifake_core.evaluation.leave_one_out import StudyCard, StudyCell, StudyRow

FAMILIES = {"GAN": "gan_resize", "flow": "flow"}


def study_card(generator_sha256: Mapping[str, str]) -> StudyCard:
    """Study of two families: 9 of 10 are found where they were learnt, else 1 of 10."""
    everyone = tuple(FAMILIES.values())
    return StudyCard(
        network="cnn",
        settings={"epochs": 2, "seed": 0},
        rows=tuple(
            _row(left_out, tuple(n for n in everyone if n != FAMILIES.get(left_out)))
            for left_out in (*FAMILIES, "")
        ),
        n_real=50,
        max_flagged=0.02,
        generator_sha256=dict(generator_sha256),
        data_digest="d4",
        versions={"keras": "3"},
        seconds=60.0,
    )


def _row(left_out: str, learnt: tuple[str, ...]) -> StudyRow:
    """Row of a network that learnt from these generators."""
    return StudyRow(
        left_out=left_out,
        learnt=learnt,
        tested={name: _cell(met=name in learnt) for name in FAMILIES.values()},
    )


def _cell(*, met: bool) -> StudyCell:
    """Cell of ten pictures."""
    area = 0.95 if met else 0.55
    return StudyCell(
        n=10,
        roc_auc=Estimate(value=area, low=area - 0.05, high=area + 0.05),
        recall=proportion(9 if met else 1, 10),
    )
