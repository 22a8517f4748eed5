"""Study of the facts on a data set, from its pictures; takes a minute."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import SIDE, Floats
from cifake_core.basics.estimates import share_of
from cifake_core.basics.labels import LABELS, OBJECT_CLASSES, Label
from cifake_core.data import cifake
from cifake_core.data.archive import names_sha256
from cifake_core.data.cifake import Split
from cifake_core.data.facts import CopyRow, DataFacts, Part
from cifake_core.data.verification import count_labels
from cifake_core.pictures import statistics
from cifake_core.pictures.statistics import Pile

_CUES: Final[Mapping[str, Callable[[Pile], Floats]]] = {
    "8 figures on colour": statistics.color_statistics,
    "64 figures on fine patterns": statistics.cosine_magnitudes,
}


def study(
    train: Split, test: Split, *, progress: Callable[[float], object] | None = None
) -> DataFacts:
    """Return the facts of a data set.

    Args:
        train: the published training split.
        test: the published test split, at least two pictures of each label.
        progress: told the share done, 0 to 1.
    """
    tell = progress or (lambda _: None)
    by_label: dict[Label, Pile] = {
        label: test.images[test.labels == number] for number, label in enumerate(LABELS)
    }
    tell(0.0)
    spectra = {
        label: statistics.mean_spectrum(images) for label, images in by_label.items()
    }
    tell(0.2)
    cues = {}
    for number, (name, figures) in enumerate(_CUES.items(), start=1):
        cues[name] = _fit(figures(train.images), train, figures(test.images), test)
        tell(0.2 + 0.4 * number)
    return DataFacts(
        data_digest=cifake.digest(train, test),
        members_sha256=names_sha256(test.members),
        counts=count_labels(train) | count_labels(test),
        duplicates=cifake.duplicate_facts(train, test),
        copies=_copies(train, test),
        cues=cues,
        spectra=spectra,
        labels=test.labels,
        spreads=statistics.color_spread(test.images).astype(np.float16),
        means=_means(test),
    )


def _copies(train: Split, test: Split) -> tuple[CopyRow, ...]:
    """Return the pairs by label and object class, where there are any.

    A pair counts where its first copy stands; one that goes across, by the copy in
    the test set.
    """
    marks = {
        "within_train": (train, _firsts(train.hashes, at_least=2)),
        "within_test": (test, _firsts(test.hashes, at_least=2)),
        "across": (test, _firsts(test.hashes) & cifake.leaked(test, train)),
    }
    rows = []
    for number, label in enumerate(LABELS):
        for place, object_class in enumerate(OBJECT_CLASSES):
            pairs = {
                name: int(
                    (
                        mark
                        & (split.labels == number)
                        & (split.object_classes == place)
                    ).sum()
                )
                for name, (split, mark) in marks.items()
            }
            if any(pairs.values()):
                rows.append(CopyRow(label=label, object_class=object_class, **pairs))
    return tuple(rows)


def _firsts(
    hashes: npt.NDArray[np.str_], *, at_least: int = 1
) -> npt.NDArray[np.bool_]:
    """Return (N,) True for the first of each file that stands so often or more."""
    _, first, counts = np.unique(hashes, return_index=True, return_counts=True)
    marks = np.zeros(len(hashes), np.bool_)
    marks[first[counts >= at_least]] = True
    return marks


def _means(test: Split) -> npt.NDArray[np.uint8]:
    """Return the mean picture of each label and object class."""
    means = np.zeros((len(LABELS), len(OBJECT_CLASSES), SIDE, SIDE, 3), np.uint8)
    for number in range(len(LABELS)):
        for place in range(len(OBJECT_CLASSES)):
            chosen = (test.labels == number) & (test.object_classes == place)
            if chosen.any():
                means[number, place] = statistics.mean_picture(test.images[chosen])
    return means


def _fit(
    train_figures: Floats, train: Split, test_figures: Floats, test: Split
) -> Part:
    """Return the test accuracy of a least-squares fit to the training labels."""

    def with_constant(figures: Floats) -> Floats:
        return np.column_stack([figures, np.ones(len(figures), np.float32)])

    wanted = 2.0 * train.labels - 1
    weights, *_ = np.linalg.lstsq(with_constant(train_figures), wanted, rcond=None)
    right = (with_constant(test_figures) @ weights >= 0) == (test.labels == 1)
    return Part(n=right.size, accuracy=share_of(right))
