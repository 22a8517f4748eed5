"""Tables of the test set by object class and, in a set of one's own, by generator."""

from contextlib import suppress

import streamlit as st

from cifake_core.basics.errors import CifakeError
from cifake_core.basics.estimates import Estimate
from cifake_core.evaluation import dataset_report, operating_points
from cifake_core.evaluation.dataset_report import GeneratorFindings
from cifake_core.evaluation.fakes import FLAGGED
from cifake_core.evaluation.operating_points import OperatingPoint
from cifake_core.evaluation.scores import Scores
from cifake_core.evaluation.selection import Selection
from cifake_core.ui.browse import views
from cifake_core.ui.browse.chart_filters import class_mark, generator_mark, mark
from cifake_core.ui.pages.evaluation import PAGE
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import row_table
from cifake_core.ui.widgets.texts import area, interval


def show(scores: Scores, selection: Selection) -> None:
    """Figures by generator, where that is told apart, and by object class."""
    if scores.generators is not None:
        st.subheader("By generator")
        show_generators(scores, selection)
    st.subheader("By object class")
    show_classes(scores, selection)


def show_generators(scores: Scores, selection: Selection) -> None:
    """What is found of each generator's fakes; a row chooses its pictures."""
    strict = _strict(selection.network)
    found = dataset_report.by_generator(
        scores, even=selection.threshold, threshold=strict
    )
    least = sorted(found, key=lambda name: found[name].roc_auc.value)
    marks, chosen = [generator_mark(name) for name in least], mark(selection)
    row_table.show(
        [_generator_row(name, found[name], selection.threshold) for name in least],
        chosen=marks.index(chosen) if chosen in marks else None,
        key="test_set_generators",
        on_choose=lambda number: views.choose(PAGE, marks[number]),
    )
    words = (
        ""
        if strict is None
        else (
            f" Found at {FLAGGED:.0%}: called FAKE where {FLAGGED:.0%} of CIFAKE's own "
            f"photographs are, below a probability of REAL of {strict:.3f}."
        )
    )
    st.caption(
        "ROC AUC is against the photographs of this data set. In brackets the 95 % "
        f"interval.{words}"
    )


def _strict(network: str) -> float | None:
    """Threshold that flags so many of CIFAKE's photographs, if there are scores."""
    with suppress(CifakeError):
        return dataset_report.threshold_on(bench().evaluation.scores(network))
    return None


def _generator_row(
    name: str, found: GeneratorFindings, threshold: float
) -> dict[str, str]:
    """One line of the table by generator."""
    row = {
        "Generator": name,
        "Fakes": f"{found.n:,}",
        f"Found at {threshold:.3g}": interval(found.recall),
    }
    if found.flagged is not None:
        row[f"Found at {FLAGGED:.0%}"] = interval(found.flagged)
    return row | {"ROC AUC": area(found.roc_auc)}


def show_classes(scores: Scores, selection: Selection) -> None:
    """Figures by object class, the worst first; a row chooses its class."""
    if not (scores.object_classes >= 0).any():
        st.caption("What these pictures show is not known, so there is no table of it.")
        return
    among = scores.chosen(leak_free=selection.leak_free)
    points = operating_points.by_object_class(
        scores.labels[among],
        scores.logits[among],
        scores.object_classes[among],
        threshold=selection.threshold,
    )
    worst = sorted(points, key=lambda name: points[name].accuracy.value)
    marks = [class_mark(name) for name in worst]
    rows = [_class_row(name, points[name]) for name in worst]
    chosen = mark(selection)
    row_table.show(
        rows,
        chosen=marks.index(chosen) if chosen in marks else None,
        key="test_set_classes",
        on_choose=lambda number: views.choose(PAGE, marks[number]),
    )


def _class_row(name: str, point: OperatingPoint) -> dict[str, str]:
    """One line of the table by object class."""
    (_, missed), (flagged, _) = point.confusion

    def share(estimate: Estimate) -> str:
        return f"{estimate.value:.1%} ({estimate.low:.1%} to {estimate.high:.1%})"

    return {
        "Object": name,
        "Pictures": f"{point.n:,}",
        "Errors": f"{missed + flagged:,}",
        "Accuracy": share(point.accuracy),
        "REAL flagged": share(point.real_flagged),
        "FAKE missed": share(point.fake_missed),
    }
