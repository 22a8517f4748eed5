"""The study: networks that never met a family, and what they find of it."""

import streamlit as st

from cifake_core import figures
from cifake_core.evaluation.leave_one_out import StudyCard
from cifake_core.figures.generators import Measure
from cifake_core.ui.browse import views
from cifake_core.ui.browse.generators_address import (
    MEASURE_TITLES,
    NOTHING,
    PAGE,
    View,
    ask_measure,
)
from cifake_core.ui.pages.generators import gallery
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import guards
from cifake_core.ui.widgets.computing import show_chart
from cifake_core.ui.widgets.texts import area, interval
from cifake_core.verdicts.scope_words import CIFAKE_GENERATOR
from cifake_core.workbench.generators import titles


def show(view: View) -> None:
    """The matrix, and below it the pictures of the cell that was chosen."""
    with guards.needed():
        card = bench().generators.study()
    st.markdown(_summary(card))
    ask_measure(view)
    _show_matrix(card, view)
    st.caption(
        f"A column is a network (`{card.network}`, trained for a short time) that "
        "learnt from all families of generators but the one above it; a row is whose "
        f"pictures it was shown, against {card.n_real:,} photographs. Framed is "
        f"what it never met. Share found: where {card.max_flagged:.0%} of the "
        "photographs are flagged. Below each figure its 95 % interval. A click on a "
        "cell shows its pictures."
    )
    if view.generator in card.rows[0].tested and view.left_out is not None:
        _show_cell(card, view.left_out, str(view.generator))


def _show_matrix(card: StudyCard, view: View) -> None:
    """The matrix; a click chooses a cell."""
    chosen = "" if view.left_out is None else f"{view.left_out}:{view.generator}"
    key = f"{PAGE}_matrix_{view.measure}_{chosen}"

    def choose() -> None:
        for point in st.session_state[key]["selection"]["points"]:
            left_out, _, generator = point["customdata"][0].partition(":")
            views.put(PAGE, left_out=left_out or NOTHING, generator=generator)

    show_chart(
        "study_figure",
        figures.study_figure(
            card, titles=titles(), measure=view.measure, chosen=chosen
        ),
        key=key,
        on_select=choose,
        alt=_in_words(card, view.measure),
    )


def _show_cell(card: StudyCard, left_out: str, generator: str) -> None:
    """Figures and pictures of one cell."""
    row = next((each for each in card.rows if each.left_out == left_out), None)
    if row is None:
        st.info("The study has no such network. Click a cell to choose one.")
        return
    cell = row.tested[generator]
    who = f"all but {left_out}" if left_out else "all"
    met = "learnt from" if generator in row.learnt else "never met"
    st.header(f"{titles()[generator]}, by the network of {who}", divider="gray")
    st.markdown(
        f"A generator that it {met}: of {cell.n:,} pictures it finds "
        f"{interval(cell.recall)}; area under the ROC curve {area(cell.roc_auc)}."
    )
    st.caption(
        "The networks of the study are not shipped: verdicts and maps of a picture "
        "that you open are those of the networks in use."
    )
    if generator == CIFAKE_GENERATOR:
        gallery.show_cifake()
    else:
        gallery.show_pictures(generator)


def _summary(card: StudyCard) -> str:
    """Mean area where the generator was learnt and where it never was."""
    cells = [
        (name in row.learnt, cell.roc_auc.value)
        for row in card.rows
        for name, cell in row.tested.items()
    ]
    met, unmet = (
        [value for was_met, value in cells if was_met == each] for each in (True, False)
    )
    if not met or not unmet:
        return ""
    return (
        f"**Mean area under the ROC curve: {sum(met) / len(met):.2f} where the "
        f"generator was learnt, {sum(unmet) / len(unmet):.2f} where it was never met** "
        "(chance: 0.50)."
    )


def _in_words(card: StudyCard, measure: Measure) -> str:
    """Alternative text of the matrix."""
    rows = [
        f"without {row.left_out}" if row.left_out else "with all" for row in card.rows
    ]
    lines = [
        f"{words}: "
        + ", ".join(
            f"{titles()[name]} {getattr(cell, measure).value:.2f} "
            f"({'learnt' if name in row.learnt else 'never met'})"
            for name, cell in row.tested.items()
        )
        for words, row in zip(rows, card.rows, strict=True)
    ]
    return f"{MEASURE_TITLES[measure]} by what was learnt. {'; '.join(lines)}."
