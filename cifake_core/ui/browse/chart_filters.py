"""Which pictures a mark of a chart stands for: a cell, a bar, a point, a row.

A mark carries the filters of its pictures as they stand in an address; where they
are the filters of the view, the mark is chosen.
"""

from dataclasses import replace
from itertools import pairwise
from typing import Final
from urllib.parse import parse_qsl, urlencode

from cifake_core.basics.labels import LABELS, Label
from cifake_core.evaluation.operating_points import EDGES
from cifake_core.evaluation.records import EvalReport
from cifake_core.evaluation.selection import Selection
from cifake_core.ui.browse.address import from_query, to_query

#: What a filter is not: these stay when a mark is chosen.
_KEPT: Final = ("network", "threshold", "pictures", "order", "seed")


def mark(selection: Selection) -> str:
    """Mark of the filters of `selection`; "" if it has none."""
    query = to_query(selection)
    return urlencode({k: v for k, v in query.items() if k not in (*_KEPT, "page")})


def pick(selection: Selection, chosen: str) -> Selection:
    """First page of the pictures of a mark, or of all if it was chosen.

    Network, threshold, set, order and seed stay as they are.

    Args:
        selection: the view before.
        chosen: what `mark` returned for the mark.
    """
    kept = {name: getattr(selection, name) for name in _KEPT}
    if chosen == mark(selection):
        return Selection(**kept)
    query = dict(parse_qsl(chosen))
    filters, _ = from_query(query, networks=(selection.network,))
    return replace(filters, **kept)


def matrix_marks() -> tuple[tuple[str, str], tuple[str, str]]:
    """Marks of a confusion matrix: rows are the truth, as in records."""
    rows = [
        [mark(Selection(network="", label=label, called=called)) for called in LABELS]
        for label in LABELS
    ]
    return (rows[0][0], rows[0][1]), (rows[1][0], rows[1][1])


def histogram_marks(label: Label) -> tuple[str, ...]:
    """Marks of the bars of one label in `thresholds.Curves`."""
    return tuple(
        mark(Selection(network="", label=label, p_real=(low, high)))
        for low, high in pairwise(EDGES)
    )


def reliability_marks(report: EvalReport) -> tuple[str, ...]:
    """Marks of the bins of `report.reliability`."""
    return tuple(
        mark(Selection(network="", confidence=(each.low, each.high)))
        for each in report.reliability
    )


def class_mark(object_class: str) -> str:
    """Mark of an object class."""
    return mark(Selection(network="", object_class=object_class))


def generator_mark(generator: str) -> str:
    """Mark of a generator of a data set of one's own."""
    return mark(Selection(network="", generator=generator))
