"""Form cues: how well a label can be told by how files were saved, without looking.

Where the photographs of a set are JPEG files and its fakes are not, or have other
sizes or quantisation tables, a network learns that instead of what was to be learnt.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.tree import DecisionTreeClassifier

from cifake_core.basics.estimates import Estimate, share_of
from cifake_core.basics.labels import LABELS

_FOLDS: Final = 5
#: A rule of this many questions says of any file form what a person would see in it.
_DEPTH: Final = 4
_SMALLEST_LEAF: Final = 5
#: Fakes of a generator from which it is also asked about alone.
_FEWEST: Final = 50
_FAKE, _REAL = range(len(LABELS))


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class FormCue:
    """Balanced accuracy of the best rule over file form, of photographs and `fakes`.

    `fakes` is the name of the generator, or "all fakes".
    """

    fakes: str
    balanced_accuracy: Estimate


def strongest_form_cue(table: pd.DataFrame) -> FormCue:
    """Cue by which the label, or one generator, is told best.

    Args:
        table: of `entries.Entries`, both labels alone, at least five of each.
    """
    real = table["label"] == _REAL
    asked = {"all fakes": ~real}
    for name, count in table.loc[~real, "generator"].value_counts().items():
        if count >= _FEWEST and count < (~real).sum():
            asked[f"fakes of {name}"] = table["generator"] == name
    cues = [
        FormCue(fakes=name, balanced_accuracy=_balanced_accuracy(table[real | fakes]))
        for name, fakes in asked.items()
    ]
    return max(cues, key=lambda cue: cue.balanced_accuracy.value)


def _balanced_accuracy(table: pd.DataFrame) -> Estimate:
    """Balanced accuracy of a decision tree over file form, cross-validated.

    Source: interval of a sum of proportions from theirs: Zou & Donner 2008,
    doi:10.1002/sim.3095, with Wilson's.
    """
    labels = table["label"].to_numpy()
    tree = DecisionTreeClassifier(
        max_depth=_DEPTH,
        min_samples_leaf=_SMALLEST_LEAF,
        class_weight="balanced",
        random_state=0,
    )
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    predicted = cross_val_predict(tree, _features(table), labels, cv=folds)
    recalls = [share_of(predicted[labels == label] == label) for label in (0, 1)]
    value = float(np.mean([each.value for each in recalls]))
    below = math.hypot(*(each.value - each.low for each in recalls)) / 2
    above = math.hypot(*(each.high - each.value for each in recalls)) / 2
    return Estimate(
        value=value, low=max(0.0, value - below), high=min(1.0, value + above)
    )


def _features(table: pd.DataFrame) -> npt.NDArray[np.float64]:
    """(N, K) figures on the files: kind, size, aspect, tables and chroma sampling."""
    sizes = table[["width", "height"]].to_numpy(np.float64)
    steps = [
        [
            float(np.sum(tables[place])) if place < len(tables) else 0.0
            for place in (0, 1)
        ]
        for tables in table["tables"]
    ]
    words = pd.get_dummies(table[["kind", "sampling"]]).to_numpy(np.float64)
    aspect = sizes[:, :1] / sizes[:, 1:]
    return np.hstack([sizes, aspect, np.array(steps), words])
