"""The controls and charts of two networks, A and B, on the same pictures."""

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt
import streamlit as st

from cifake_core import figures
from cifake_core.data.datasets.records import CIFAKE_SETS, OFFICIAL
from cifake_core.evaluation.comparison import Cell, Comparison, chance_in_words
from cifake_core.evaluation.operating_points import EVEN
from cifake_core.evaluation.scores import Scores
from cifake_core.evaluation.selection import Selection, matching
from cifake_core.networks import NETWORKS
from cifake_core.ui.browse import chosen_pictures, views
from cifake_core.ui.browse.chart_filters import class_mark, mark
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import row_table
from cifake_core.ui.widgets.components import (
    chart_width,
    show_metrics,
    show_on_request,
    show_roc,
)
from cifake_core.ui.widgets.computing import show_chart
from cifake_core.workbench.scores import ScoresBench

PAGE: Final = "compare"
FILTERS: Final = ("object_class", "label", "copies")
#: In the address: no cell is chosen.
_ANY: Final = "any"
_CELLS: Final[tuple[Cell, ...]] = ("both_right", "only_a", "only_b", "both_wrong")
#: Of the pictures that both get right, one in so many is drawn.
_THINNED: Final = 20


def _lasso() -> str:
    """Key of the lasso in the session: other pictures have another one."""
    name = views.query(PAGE).get("pictures", OFFICIAL)
    return f"{PAGE}_lasso" if name in CIFAKE_SETS else f"{PAGE}_lasso_{name}"


def current() -> tuple[Selection, str, tuple[str, ...]]:
    """View on network A, the name of B, and faults of the address."""
    selection, faults = views.current(PAGE)
    choices = [name for name in bench().all_names() if name != selection.network]
    other = views.query(PAGE).get("other", choices[0])
    return (
        replace(selection, threshold=EVEN),
        other if other in choices else choices[0],
        faults,
    )


def cell() -> Cell | None:
    """Chosen cell of the agreement table: where only B is right at first."""
    name = views.query(PAGE).get("cell", "only_b")
    return next((each for each in _CELLS if each == name), None)


def positions(selection: Selection, a: Scores, b: Scores) -> npt.NDArray[np.int64]:
    """Pictures of the lasso or else of the chosen cell, in their order."""
    found = matching(a, selection)
    lasso = st.session_state.get(_lasso())
    if lasso:
        return found[np.isin(found, lasso)]
    chosen = cell()
    if chosen is None:
        return found
    cells = bench().on(selection.pictures).evaluation.cells(a.network, b.network)
    return found[cells[chosen][found]]


def ask_networks(selection: Selection, other: str) -> None:
    """Ask for the two networks and the pictures."""
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    for title, name, value in (
        ("Network A", "network", selection.network),
        ("Network B", "other", other),
    ):
        row.selectbox(
            title,
            bench().all_names(),
            format_func=lambda name: NETWORKS[name].title,
            key=views.held(PAGE, name, value),
            on_change=_set_networks,
            args=(selection.network, other),
            width=280,
        )
    chosen_pictures.ask(PAGE, selection, row)


def _set_networks(a: str, b: str) -> None:
    """Compare the networks that were asked for; the same twice changes places."""
    asked = [st.session_state[f"{PAGE}_{name}"] for name in ("network", "other")]
    new_a, new_b = asked if asked[0] != asked[1] else (b, a)
    st.session_state.pop(_lasso(), None)
    views.change(PAGE, network=new_a)
    views.put(PAGE, other=new_b)


def show_difference(found: Comparison, evaluation: ScoresBench) -> None:
    """Both networks' figures and what their difference is worth."""
    names = (found.network_a, found.network_b)
    reports = {
        f"{NETWORKS[name].title} ({found_hash[:8]})": evaluation.report(
            name, leak_free=found.leak_free
        )
        for name, found_hash in zip(
            names, (found.model_sha256_a, found.model_sha256_b), strict=True
        )
    }
    show_metrics(reports)
    title_a, title_b = (NETWORKS[name].title for name in names)
    points = [
        f"{100 * share:+.2f}"
        for share in (
            found.difference.value,
            found.difference.low,
            found.difference.high,
        )
    ]
    st.markdown(
        f"**Accuracy of the {title_a} less that of the {title_b}: {points[0]} points** "
        f"(95 % interval {points[1]} to {points[2]}, on the same {found.n:,} "
        f"pictures). {chance_in_words(found.p_value)}"
    )
    st.caption(
        f"McNemar's test, {found.test}: it looks at the pictures on which one network "
        "alone is right."
    )
    show_on_request(
        "ROC curves of both", lambda: show_roc(reports), key="compare_curves"
    )


def show_agreement(found: Comparison) -> None:
    """Agreement table; a click on a square chooses its pictures."""
    title_a, title_b = (
        NETWORKS[name].title for name in (found.network_a, found.network_b)
    )
    key = "compare_cells"
    show_chart(
        "agreement_figure",
        figures.agreement_figure(
            found, title_a=title_a, title_b=title_b, chosen=cell() or ""
        ),
        key=key,
        on_select=lambda: _choose_cell(key),
        alt=f"Agreement of {found.n:,} pictures: both right {found.both_right:,}, only "
        f"the {title_a} right {found.only_a:,}, only the {title_b} right "
        f"{found.only_b:,}, both wrong {found.both_wrong:,}.",
    )


def _choose_cell(key: str) -> None:
    """Show the pictures of the clicked cell, or of all if it was chosen."""
    for point in st.session_state[key]["selection"]["points"]:
        name = point["customdata"][0]
        st.session_state.pop(_lasso(), None)
        views.change(PAGE)  # its first page
        views.put(PAGE, cell=_ANY if name == cell() else name)


def show_scatter(selection: Selection, a: Scores, b: Scores) -> None:
    """Scores of A against those of B; a lasso chooses pictures."""
    inside = a.chosen(leak_free=selection.leak_free)
    evaluation = bench().on(selection.pictures).evaluation
    shown = {
        name: np.flatnonzero(mask & inside)
        for name, mask in evaluation.cells(a.network, b.network).items()
    }
    shown["both_right"] = shown["both_right"][::_THINNED]
    titles = [NETWORKS[each.network].title for each in (a, b)]
    key = "compare_scatter"
    show_chart(
        "scatter_figure",
        figures.scatter_figure(
            shown, a.logits, b.logits, title_a=titles[0], title_b=titles[1]
        ),
        key=key,
        on_select=lambda: _take_lasso(key),
        selection_mode="lasso",
        alt=f"Scores of the {titles[0]} against those of the {titles[1]}, "
        f"{sum(map(len, shown.values())):,} pictures.",
    )
    st.caption(
        "Draw around points to see their pictures below; click twice beside them to "
        f"let them go. Of the pictures both get right, one in {_THINNED} is drawn."
    )


def _take_lasso(key: str) -> None:
    """Show the pictures in the lasso, or the cell's again if it is empty."""
    points = st.session_state[key]["selection"]["points"]
    st.session_state[_lasso()] = [point["customdata"][0] for point in points]
    views.change(PAGE)  # its first page


def show_classes(found: Comparison, selection: Selection) -> None:
    """Agreement by object class; a row chooses its class."""
    title_a, title_b = (
        NETWORKS[name].title for name in (found.network_a, found.network_b)
    )
    names = sorted(found.by_class, key=lambda name: -found.by_class[name].only_b)
    rows = [
        {
            "Object": name,
            "Pictures": f"{each.n:,}",
            f"{title_a} right": f"{each.accuracy_a:.1%}",
            f"{title_b} right": f"{each.accuracy_b:.1%}",
            f"Only {title_a} right": f"{each.only_a:,}",
            f"Only {title_b} right": f"{each.only_b:,}",
            "Both wrong": f"{each.both_wrong:,}",
        }
        for name, each in ((name, found.by_class[name]) for name in names)
    ]
    marks, chosen = [class_mark(name) for name in names], mark(selection)
    row_table.show(
        rows,
        chosen=marks.index(chosen) if chosen in marks else None,
        key="compare_classes",
        on_choose=lambda number: views.choose(PAGE, marks[number]),
    )


def show_charts(found: Comparison, selection: Selection, a: Scores, b: Scores) -> None:
    """Agreement and scatter side by side, then the table by object class."""
    row = st.container(horizontal=True, gap="medium")
    with row.container(width=chart_width()):
        st.subheader("Who is right?")
        show_agreement(found)
    with row.container(width=chart_width()):
        st.subheader("Score against score")
        show_scatter(selection, a, b)
    st.subheader("By object class")
    if found.by_class:
        show_classes(found, selection)
    else:
        st.caption("What these pictures show is not known, so there is no table of it.")


def title(selection: Selection, other: str) -> str:
    """Heading of the gallery."""
    a, b = (NETWORKS[name].title for name in (selection.network, other))
    if st.session_state.get(_lasso()):
        return "The pictures in the lasso"
    words = {
        "both_right": "What both get right",
        "only_a": f"What the {a} sees and the {b} does not",
        "only_b": f"What the {b} sees and the {a} does not",
        "both_wrong": "What both get wrong",
        None: "All pictures",
    }
    return words[cell()]
