"""Accuracy by subgroup: duplicates and near-greyscale pictures."""

import numpy as np
import numpy.typing as npt

from cifake_core.basics.estimates import share_of
from cifake_core.basics.labels import LABELS, Label
from cifake_core.data.facts import DataFacts, Part, check_same_pictures
from cifake_core.evaluation.scores import Scores


def copy_parts(scores: Scores) -> dict[str, Part]:
    """Return a network's accuracy with and without the copies, and on them alone.

    Returns:
        The parts "official", "leak_free", "in_training" and "repeats".
    """
    masks = {
        "official": np.ones_like(scores.repeats),
        "leak_free": scores.leak_free,
        "in_training": scores.in_training,
        "repeats": scores.repeats,
    }
    return {name: _part(scores, chosen) for name, chosen in masks.items()}


def grey_parts(facts: DataFacts, scores: Scores) -> dict[tuple[bool, Label], Part]:
    """Return a network's accuracy on almost grey and other pictures of each label.

    Raises:
        DatasetError: If the scores are on other pictures than the facts.
    """
    check_same_pictures(facts, scores.members)
    return {
        (grey, label): _part(
            scores, (facts.near_grey == grey) & (facts.labels == number)
        )
        for grey in (True, False)
        for number, label in enumerate(LABELS)
    }


def _part(scores: Scores, chosen: npt.NDArray[np.bool_]) -> Part:
    """Return a network's accuracy on the chosen pictures."""
    return Part(n=int(chosen.sum()), accuracy=share_of(scores.right[chosen]))
