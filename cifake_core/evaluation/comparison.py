"""Paired comparison of two networks: McNemar's test, differences with intervals."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest, chi2, norm

from cifake_core.basics.errors import DatasetError
from cifake_core.basics.estimates import Estimate
from cifake_core.basics.labels import OBJECT_CLASSES
from cifake_core.data.archive import same_names
from cifake_core.evaluation.scores import Scores

Cell: TypeAlias = Literal["both_right", "only_a", "only_b", "both_wrong"]
Test: TypeAlias = Literal["exact binomial", "chi-square with continuity correction"]

_CONFIDENCE: Final = 0.95
#: With fewer pictures than this on which one network alone is right, the
#: chi-square distribution is too rough.
_LEAST_FOR_CHI_SQUARE: Final = 25


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """On how many pictures networks A and B are right, alone or together."""

    both_right: int
    only_a: int
    only_b: int
    both_wrong: int

    @property
    def n(self) -> int:
        """The number of pictures."""
        return self.both_right + self.only_a + self.only_b + self.both_wrong

    @property
    def accuracy_a(self) -> float:
        """The share that A calls rightly, 0 to 1."""
        return (self.both_right + self.only_a) / self.n

    @property
    def accuracy_b(self) -> float:
        """The share that B calls rightly, 0 to 1."""
        return (self.both_right + self.only_b) / self.n


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Comparison(Agreement):
    """How two networks differ on one set of pictures, and whether by chance.

    `difference` is the accuracy of A less that of B, -1 to 1, with its paired
    95 % interval. `statistic` and `p_value` are McNemar's, by the named `test`.
    `by_class` holds each object class that has pictures.
    """

    network_a: str
    network_b: str
    model_sha256_a: str
    model_sha256_b: str
    leak_free: bool
    difference: Estimate
    test: Test
    statistic: float
    p_value: float
    by_class: Mapping[str, Agreement]


def compare(a: Scores, b: Scores, *, leak_free: bool) -> Comparison:
    """Return the paired comparison of networks A and B on one of the test sets.

    The interval of the difference is Wald's with one picture added to each of the
    two cells in which one network alone is right. McNemar's test looks at these
    cells alone. With fewer than 25 pictures in them it is exact: the statistic is
    the smaller cell, and p twice the binomial probability of one so small. Else it
    is (|only A - only B| - 1)^2 / (only A + only B), 0 if they are equal, and p is
    from the chi-square distribution with one degree of freedom.

    Args:
        a: scores of network A.
        b: scores of network B, on the same pictures.
        leak_free: leave out leaked pictures and second copies.

    Raises:
        DatasetError: If the pictures are not the same, or none of them is left.

    Source: Bonett & Price 2012, doi:10.3102/1076998611411915, recommended by
        Fagerland et al. 2014, doi:10.1002/sim.6148; McNemar 1947,
        doi:10.1007/BF02295996; Edwards 1948, doi:10.1007/BF02289261.
    """
    masks = cells(a, b)
    chosen = a.chosen(leak_free=leak_free)
    if not chosen.any():
        msg = (
            "All pictures of these scores stand in train/ or stand twice, so there is "
            "no leak-free test set; compare without --leak-free."
        )
        raise DatasetError(msg)
    counts = _count(masks, chosen)
    test, statistic, p_value = _mcnemar(counts["only_a"], counts["only_b"])
    return Comparison(
        **counts,
        network_a=a.network,
        network_b=b.network,
        model_sha256_a=a.model_sha256,
        model_sha256_b=b.model_sha256,
        leak_free=leak_free,
        difference=paired_difference(Agreement(**counts)),
        test=test,
        statistic=statistic,
        p_value=p_value,
        by_class=_by_class(masks, chosen, a.object_classes),
    )


def cells(a: Scores, b: Scores) -> dict[Cell, npt.NDArray[np.bool_]]:
    """Return the pictures of each cell of the agreement table, as (N,) masks.

    Raises:
        DatasetError: If the two networks were not asked about the same pictures.
    """
    _check_same_pictures(a, b)
    right_a, right_b = a.right, b.right
    return {
        "both_right": right_a & right_b,
        "only_a": right_a & ~right_b,
        "only_b": ~right_a & right_b,
        "both_wrong": ~(right_a | right_b),
    }


def paired_difference(table: Agreement) -> Estimate:
    """Difference of the accuracies, A less B, with the interval of `compare`."""
    n = table.n + 2
    share_a, share_b = (table.only_a + 1) / n, (table.only_b + 1) / n
    variance = (share_a + share_b - (share_a - share_b) ** 2) / n
    margin = float(norm.ppf((1 + _CONFIDENCE) / 2)) * variance**0.5
    return Estimate(
        value=(table.only_a - table.only_b) / table.n,
        low=max(share_a - share_b - margin, -1.0),
        high=min(share_a - share_b + margin, 1.0),
    )


def agreement(
    right_a: npt.NDArray[np.bool_], right_b: npt.NDArray[np.bool_]
) -> Agreement:
    """Agreement table of A and B, from (N,) True where each is right."""
    return Agreement(
        both_right=int(np.count_nonzero(right_a & right_b)),
        only_a=int(np.count_nonzero(right_a & ~right_b)),
        only_b=int(np.count_nonzero(~right_a & right_b)),
        both_wrong=int(np.count_nonzero(~(right_a | right_b))),
    )


def p_value_of_worse(table: Agreement) -> float:
    """One-sided p-value of McNemar's exact test; small if A is worse than B.

    It is the probability that of the pictures on which one network alone is right A
    would have so few, were both equally good.

    Source: McNemar 1947, doi:10.1007/BF02295996.
    """
    discordant = table.only_a + table.only_b
    if not discordant:
        return 1.0
    return float(binomtest(table.only_a, discordant, alternative="less").pvalue)


def comparison_to_json(comparison: Comparison) -> dict[str, object]:
    """Return the figures of `comparison` as plain numbers and lists.

    Returns:
        The fields of `Comparison` and of its `Agreement`; `difference_ci95` is [low,
        high], and `by_class` leads from an object class to its `Agreement`.
    """
    estimate = comparison.difference
    names = ("network_a", "network_b", "model_sha256_a", "model_sha256_b", "leak_free")
    return {
        **{name: getattr(comparison, name) for name in names},
        **_table(comparison),
        "difference": estimate.value,
        "difference_ci95": [estimate.low, estimate.high],
        "test": comparison.test,
        "statistic": comparison.statistic,
        "p_value": comparison.p_value,
        "by_class": {name: _table(each) for name, each in comparison.by_class.items()},
    }


def chance_in_words(p_value: float) -> str:
    """Return a sentence that says what a p-value of `compare` means.

    Args:
        p_value: 0 to 1; one that is too small for a float is 0.

    Raises:
        ValueError: If it is not in that range.
    """
    if not 0 <= p_value <= 1:
        msg = f"Expected a p-value from 0 to 1. Received {p_value}."
        raise ValueError(msg)
    return (
        "If both networks were equally good, so large a difference would come up by "
        f"chance in {_draws(p_value)}."
    )


def _draws(p_value: float) -> str:
    """Return a p-value as a number of draws, to two digits."""
    if p_value < 1e-9:
        return "fewer than 1 of a billion draws"
    if p_value < 0.1:
        return f"about 1 of {float(f'{1 / p_value:.2g}'):,.0f} draws"
    if p_value < 0.995:
        return f"about {100 * p_value:.0f} of 100 draws"
    return "every draw" if p_value == 1 else "nearly every draw"


def _check_same_pictures(a: Scores, b: Scores) -> None:
    """Raise `DatasetError` unless names and marks of all pictures agree."""
    same = same_names(a.members, b.members) and all(
        np.array_equal(getattr(a, marks), getattr(b, marks))
        for marks in ("labels", "object_classes", "in_training", "repeats")
    )
    if not same:
        msg = (
            f"Expected scores of {a.network} and {b.network} on the same pictures. "
            f"Received {len(a.members):,} and {len(b.members):,} that differ in names "
            "or copies. Score both with `evaluate --save` on one data set."
        )
        raise DatasetError(msg)


def _count(
    masks: Mapping[Cell, npt.NDArray[np.bool_]], chosen: npt.NDArray[np.bool_]
) -> dict[Cell, int]:
    """Return the counts of the agreement table on the chosen pictures."""
    return {cell: int(np.count_nonzero(mask & chosen)) for cell, mask in masks.items()}


def _by_class(
    masks: Mapping[Cell, npt.NDArray[np.bool_]],
    chosen: npt.NDArray[np.bool_],
    object_classes: npt.NDArray[np.int8],
) -> dict[str, Agreement]:
    """Return the table of each object class that has chosen pictures."""
    members = {
        name: chosen & (object_classes == number)
        for number, name in enumerate(OBJECT_CLASSES)
    }
    return {
        name: Agreement(**_count(masks, inside))
        for name, inside in members.items()
        if inside.any()
    }


def _mcnemar(only_a: int, only_b: int) -> tuple[Test, float, float]:
    """Return test, statistic and p-value as `compare` describes them."""
    discordant = only_a + only_b
    if discordant < _LEAST_FOR_CHI_SQUARE:
        smaller = min(only_a, only_b)
        p_value = float(binomtest(smaller, discordant).pvalue) if discordant else 1.0
        return "exact binomial", float(smaller), p_value
    excess = max(abs(only_a - only_b) - 1, 0)
    statistic = excess**2 / discordant
    return (
        "chi-square with continuity correction",
        statistic,
        float(chi2.sf(statistic, df=1)),
    )


def _table(agreement: Agreement) -> dict[str, float]:
    """Return counts and accuracies of an agreement table."""
    figures = ("n", "accuracy_a", "accuracy_b")
    names = (*figures, "both_right", "only_a", "only_b", "both_wrong")
    return {name: getattr(agreement, name) for name in names}
