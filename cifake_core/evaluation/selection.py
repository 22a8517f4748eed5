"""Selection of test pictures: filters, order and pages.

A `Selection` is the whole view: it goes into the page's address and comes back
from it. Pictures are positions in the scores, since their names give labels away.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import logit

from cifake_core.basics.estimates import sigmoid
from cifake_core.basics.labels import DECISIONS, LABELS, OBJECT_CLASSES, Decision, Label
from cifake_core.data.archive import inner_name
from cifake_core.data.datasets.records import CIFAKE_SETS, OFFICIAL
from cifake_core.evaluation.scores import Scores

Order: TypeAlias = Literal["most_wrong", "least_sure", "random", "class"]
Copies: TypeAlias = Literal["in_training", "repeats"]
#: Above the first, at most the second; 0 as the first lets 0 itself in.
Range: TypeAlias = tuple[float, float]

ORDERS: Final[tuple[Order, ...]] = ("most_wrong", "least_sure", "random", "class")
COPIES: Final[tuple[Copies, ...]] = ("in_training", "repeats")
EVERYTHING: Final[Range] = (0.0, 1.0)
PER_PAGE: Final = 24


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """One view of labelled pictures; what is None filters nothing.

    `pictures` is a name of `CIFAKE_SETS`, or that of a data set of one's own. One of
    them is called REAL if its probability of REAL is at least `threshold`, 0 to 1;
    `called` and `right` go by that. `verdict` is what the product says of the picture,
    whichever network is looked at. `confidence` is a range of the probability of the
    more probable label, `p_real` one of the probability of REAL, as in
    `thresholds.Curves`. `copies` picks pictures whose bytes stand in train/ or earlier
    in test/, `generator` those that a generator made. `seed` matters to the order
    "random" alone; `page` counts from 1.
    """

    network: str
    threshold: float = 0.5
    pictures: str = OFFICIAL
    object_class: str | None = None
    label: Label | None = None
    called: Label | None = None
    right: bool | None = None
    verdict: Decision | None = None
    confidence: Range = EVERYTHING
    p_real: Range = EVERYTHING
    copies: Copies | None = None
    generator: str | None = None
    order: Order = "most_wrong"
    seed: int = 0
    page: int = 1

    @property
    def leak_free(self) -> bool:
        """Whether pictures that a network may have learnt from are left out."""
        return self.pictures != OFFICIAL

    @property
    def of_cifake(self) -> bool:
        """Whether the pictures are CIFAKE's."""
        return self.pictures in CIFAKE_SETS


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Page:
    """The pictures of one page: page `number` of `num_pages`, at least 1."""

    number: int
    num_pages: int
    positions: npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a picture stands in a selection: `number` of `total`, from 1.

    `previous` and `following` are the positions of its neighbours, None at the
    ends.
    """

    number: int
    total: int
    previous: int | None
    following: int | None


def matching(
    scores: Scores,
    selection: Selection,
    *,
    decisions: npt.NDArray[np.integer] | None = None,
) -> npt.NDArray[np.int64]:
    """Return the positions of the selected pictures, in the selection's order.

    "most_wrong" puts errors first, those furthest on the wrong side of the
    threshold before the rest, then what is right, narrowly before clearly;
    "least_sure" goes from the threshold outwards; distances are those of the
    logits. "class" goes by object class, and within each as "most_wrong". "random"
    is one shuffle of all pictures, so that a filter takes some out and leaves the
    rest as they were. Equals stand as in the data set.

    Args:
        scores: of the network that `selection` names.
        selection: all but its page.
        decisions: (N,) numbers of `results.DECISIONS`; where they are not known, none
            is filtered by.

    Returns:
        (K,) int64, K from 0 to N.
    """
    p_real = sigmoid(scores.logits)
    called = p_real >= selection.threshold
    right = called == (scores.labels == 1)
    chosen = _filtered(scores, selection, p_real=p_real, called=called)
    if selection.right is not None:
        chosen &= right == selection.right
    if selection.verdict is not None and decisions is not None:
        chosen &= decisions == DECISIONS.index(selection.verdict)
    # a threshold beyond all logits is as far as the last of them
    cut = np.clip(logit(selection.threshold), scores.logits.min(), scores.logits.max())
    distance = np.abs(scores.logits - cut)
    wrongness = np.where(right, distance, -distance)
    keys = {
        "most_wrong": (wrongness,),
        "least_sure": (distance,),
        "random": (np.random.RandomState(selection.seed).permutation(right.size),),
        "class": (wrongness, scores.object_classes),
    }
    order = np.lexsort(keys[selection.order])
    return np.asarray(order[chosen[order]], np.int64)


def page_of(positions: npt.NDArray[np.int64], number: int) -> Page:
    """Return page `number` of `positions`, or the page nearest to it that exists."""
    num_pages = max(1, -(-len(positions) // PER_PAGE))
    number = min(max(number, 1), num_pages)
    part = positions[(number - 1) * PER_PAGE : number * PER_PAGE]
    return Page(number=number, num_pages=num_pages, positions=part)


def place_of(positions: npt.NDArray[np.int64], position: int) -> Place | None:
    """Return the place of a picture in a selection, or None if it has none."""
    found = np.flatnonzero(positions == position)
    if not found.size:
        return None
    index = int(found[0])
    last = len(positions) - 1
    return Place(
        number=index + 1,
        total=len(positions),
        previous=int(positions[index - 1]) if index > 0 else None,
        following=int(positions[index + 1]) if index < last else None,
    )


def selection_csv(
    scores: Scores,
    positions: npt.NDArray[np.int64],
    *,
    threshold: float,
    knows: str,
    further: Mapping[str, object] | None = None,
) -> str:
    """Return one line for each picture, in the order given, with a header.

    Each line tells the truth of its picture, and so may name its file.

    Args:
        scores: of one network.
        positions: (K,) as `matching` returns them.
        threshold: probability of REAL from which on a picture is called REAL.
        knows: words for the generators that the network knows: REAL means no more
            than no trace of these.
        further: more columns, by their names; (K,) or one value for all.
    """
    p_real = sigmoid(scores.logits[positions])
    names = np.array((*OBJECT_CLASSES, ""))  # -1, for a class unknown, is the last
    columns = {
        "position": positions,
        "file": list(map(inner_name, scores.members[positions])),
        "object_class": names[scores.object_classes[positions]],
        "label": np.array(LABELS)[scores.labels[positions]],
        "called": np.array(LABELS)[(p_real >= threshold).astype(int)],
        "p_real": p_real.round(6),
        "in_training": scores.in_training[positions],
        "repeat": scores.repeats[positions],
        **(
            {}
            if scores.generators is None
            else {"generator": scores.generators[positions]}
        ),
        "network": scores.network,
        "threshold": threshold,
        "model_sha256": scores.model_sha256,
        "knows": knows,
        **(further or {}),
    }
    return str(pd.DataFrame(columns).to_csv(index=False, lineterminator="\n"))


def _filtered(
    scores: Scores,
    selection: Selection,
    *,
    p_real: npt.NDArray[np.float64],
    called: npt.NDArray[np.bool_],
) -> npt.NDArray[np.bool_]:
    """Return (N,) True for the pictures that pass all filters on scores but `right`."""
    confidence = np.maximum(p_real, 1 - p_real)
    chosen = scores.chosen(leak_free=selection.leak_free) & _inside(
        p_real, selection.p_real
    )
    chosen &= _inside(confidence, selection.confidence)
    if selection.object_class is not None:
        chosen &= scores.object_classes == OBJECT_CLASSES.index(selection.object_class)
    if selection.label is not None:
        chosen &= scores.labels == LABELS.index(selection.label)
    if selection.called is not None:
        chosen &= called == (selection.called == "REAL")
    if selection.copies is not None:
        marks = {"in_training": scores.in_training, "repeats": scores.repeats}
        chosen &= marks[selection.copies]
    if selection.generator is not None and scores.generators is not None:
        chosen &= scores.generators == selection.generator
    return chosen


def _inside(shares: npt.NDArray[np.float64], limits: Range) -> npt.NDArray[np.bool_]:
    """Return the mask of shares above the first limit and up to the second."""
    low, high = limits
    return ((shares > low) | (low == 0)) & (shares <= high)
