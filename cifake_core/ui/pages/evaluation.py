"""The controls and charts of the test set; all of them follow one view."""

from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
import streamlit as st

from cifake_core import figures
from cifake_core.basics.labels import LABELS, Label
from cifake_core.evaluation import operating_points
from cifake_core.evaluation.operating_points import EVEN, Curves, OperatingPoint
from cifake_core.evaluation.records import EvalReport
from cifake_core.evaluation.scores import Scores
from cifake_core.evaluation.selection import Selection, matching
from cifake_core.ui.browse import chosen_pictures, view_controls, views
from cifake_core.ui.browse.chart_filters import (
    histogram_marks,
    mark,
    matrix_marks,
    reliability_marks,
)
from cifake_core.ui.widgets.components import chart_width
from cifake_core.ui.widgets.computing import show_chart
from cifake_core.ui.widgets.texts import percent
from cifake_core.workbench.chosen_pictures import ChosenPictures

PAGE: Final = "test_set"
#: What can be filtered here.
FILTERS: Final = (
    "object_class",
    "label",
    "called",
    "right",
    "verdict",
    "copies",
    "p_real",
    "confidence",
)


def ask_view(selection: Selection) -> None:
    """Ask for network and pictures."""
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    view_controls.ask_network(PAGE, selection.network, row)
    chosen_pictures.ask(PAGE, selection, row)


def ask_threshold(scores: Scores, selection: Selection) -> None:
    """Ask from which probability of REAL on a picture is called REAL."""
    st.slider(
        "Call a picture REAL from this probability of REAL on",
        min_value=0.0,
        max_value=1.0,
        step=0.005,
        format="%.3f",
        key=views.held(PAGE, "threshold", selection.threshold),
        on_change=views.moved(PAGE, "threshold"),
    )
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    row.button("Even: 0.5", on_click=lambda: views.change(PAGE, threshold=EVEN))
    chosen = scores.chosen(leak_free=selection.leak_free)
    labels, logits = scores.labels[chosen], scores.logits[chosen]
    row.button(
        "Equal error",
        help="Flags as large a share of REAL pictures as it misses of FAKE ones.",
        on_click=lambda: views.change(
            PAGE, threshold=operating_points.equal_error(labels, logits)
        ),
    )
    share = row.number_input(
        "At most this many % of REAL flagged",
        min_value=0.0,
        max_value=100.0,
        value=1.0,
        step=0.5,
        key="test_set_share",
        persist_state="session",
        width=280,
    )
    flagging = partial(operating_points.flagging_at_most, labels, logits)
    row.button(
        "Flag at most so many",
        on_click=lambda: views.change(PAGE, threshold=flagging(share=share / 100)),
    )


def positions(
    chosen: ChosenPictures, scores: Scores, selection: Selection
) -> npt.NDArray[np.int64]:
    """Chosen pictures of a selection, in its order."""
    return matching(scores, selection, decisions=chosen.decisions())


def point_of(scores: Scores, selection: Selection) -> OperatingPoint:
    """The operating point of the view: its set at its threshold."""
    chosen = scores.chosen(leak_free=selection.leak_free)
    return operating_points.operating_point(
        scores.labels[chosen], scores.logits[chosen], threshold=selection.threshold
    )


def show_point(point: OperatingPoint) -> None:
    """Figures of one threshold, each with its interval."""
    titles = {
        "Accuracy": point.accuracy,
        "Precision": point.precision,
        "Recall": point.recall,
        "F1": point.f1,
        "REAL flagged": point.real_flagged,
        "FAKE missed": point.fake_missed,
    }
    row = st.container(horizontal=True)
    for title, estimate in titles.items():
        row.metric(
            title,
            f"{estimate.value:.1%}",
            delta=f"{estimate.low:.1%} to {estimate.high:.1%}",
            delta_color="off",
            delta_arrow="off",
            border=True,
            width="content",
        )
    st.caption(
        f"{point.n:,} pictures; below each figure its 95 % interval. REAL is the "
        "positive class: precision is the share of pictures called REAL that are, "
        "recall the share of REAL pictures that were called so. Flagged means called "
        "FAKE, missed means a FAKE called REAL."
    )


def show_charts(
    report: EvalReport, curves: Curves, point: OperatingPoint, selection: Selection
) -> None:
    """Four charts; a click on a mark chooses its pictures."""
    row = st.container(horizontal=True, gap="medium")
    with row.container(width=chart_width()):
        st.subheader("Confusion matrix")
        _show_matrix(point, selection)
    with row.container(width=chart_width()):
        st.subheader("At every threshold")
        _show_curves(report, curves, point)
    with row.container(width=chart_width()):
        st.subheader("Scores")
        _show_histogram(curves, selection)
    with row.container(width=chart_width()):
        st.subheader("Calibration")
        _show_reliability(report, selection)


def _show_matrix(point: OperatingPoint, selection: Selection) -> None:
    """Confusion matrix."""
    (fake_right, fake_wrong), (real_wrong, real_right) = point.confusion
    key = "test_set_matrix"
    show_chart(
        "matrix_figure",
        figures.matrix_figure(point, marks=matrix_marks(), chosen=mark(selection)),
        key=key,
        on_select=views.clicked(PAGE, key),
        alt=f"Confusion matrix: of the FAKE pictures {fake_right:,} were called FAKE "
        f"and {fake_wrong:,} REAL; of the REAL pictures {real_wrong:,} were called "
        f"FAKE and {real_right:,} REAL.",
    )


def _show_curves(report: EvalReport, curves: Curves, point: OperatingPoint) -> None:
    """ROC and precision-recall curves."""
    show_chart(
        "curves_figure",
        figures.curves_figure(report, curves, point),
        key="test_set_curves",
        alt=f"ROC curve, area {report.roc_auc.value:.4f}, and precision-recall curve. "
        f"At threshold {point.threshold:.3f}: {percent(point.fake_missed.value)} of "
        f"FAKE called REAL, recall {percent(point.recall.value)}, precision "
        f"{percent(point.precision.value)}.",
    )


def _show_histogram(curves: Curves, selection: Selection) -> None:
    """Scores of both labels."""
    marks: dict[Label, tuple[str, ...]] = {
        label: histogram_marks(label) for label in LABELS
    }
    key = "test_set_histogram"
    show_chart(
        "histogram_figure",
        figures.histogram_figure(
            curves,
            threshold=selection.threshold,
            marks=marks,
            chosen=mark(selection),
        ),
        key=key,
        on_select=views.clicked(PAGE, key),
        alt="How many pictures got which probability of REAL, on a logarithmic "
        f"scale. Of the FAKE ones {curves.fake[0]:,} are in the lowest of 50 bars, of "
        f"the REAL ones {curves.real[-1]:,} in the highest.",
    )


def _show_reliability(report: EvalReport, selection: Selection) -> None:
    """Reliability diagram of a network."""
    bins = report.reliability
    figure = figures.reliability_figure(bins, title="", ece=report.ece)
    points = ", ".join(
        f"{each.confidence:.0%} sure, {each.accuracy.value:.0%} right "
        f"({each.n:,} pictures)"
        for each in bins
    )
    key = "test_set_reliability"
    show_chart(
        "reliability_figure",
        figures.marked(figure, marks=reliability_marks(report), chosen=mark(selection)),
        key=key,
        on_select=views.clicked(PAGE, key),
        alt=f"Reliability at threshold 0.5: {points}.",
    )
