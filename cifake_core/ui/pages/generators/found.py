"""What the networks find of each generator, learnt or never met."""

from collections.abc import Mapping

import streamlit as st

from cifake_core import figures
from cifake_core.basics.errors import CifakeError
from cifake_core.evaluation.fakes import FLAGGED, FakesReport, GeneratorReport
from cifake_core.figures.generators import Measure
from cifake_core.networks import NETWORKS
from cifake_core.ui.browse.generators_address import (
    MEASURE_TITLES,
    PAGE,
    View,
    ask_measure,
)
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import scope_lines
from cifake_core.ui.widgets.computing import show_chart
from cifake_core.ui.widgets.texts import area, interval, table
from cifake_core.workbench.generators import titles


def show(view: View) -> None:
    """Chart and table of what our networks find."""
    found = _reports()
    if not found:
        return
    ask_measure(view)
    known = {name: bench().scope.known(name) for name in found}
    heads = {name: NETWORKS[name].title for name in found}
    show_chart(
        "found_figure",
        figures.found_figure(
            {heads[name]: each.generators for name, each in found.items()},
            learnt={heads[name]: each for name, each in known.items()},
            titles=titles(),
            measure=view.measure,
        ),
        key=f"{PAGE}_found_{view.measure}",
        alt=_in_words(found, view.measure),
    )
    first = next(iter(found.values()))
    st.caption(
        "Share found: of each generator's test pictures, what a network flags where "
        f"it flags at most {FLAGGED:.0%} of {first.n_real:,} photographs. Area under "
        "the ROC curve: against these photographs, where chance gives 0.5. With 95 % "
        "intervals. A full symbol is a generator from whose fakes the network learnt, "
        "an open one it never met."
    )
    rows = [_row(name, found, known, view.measure) for name in _tested(found)]
    st.markdown(table(rows))
    st.subheader("What a verdict finds of generators from elsewhere")
    scope_lines.show_table()
    scope_lines.show_networks(bench().names())


def _reports() -> dict[str, FakesReport]:
    """Reports of our networks; say which lack them."""
    found: dict[str, FakesReport] = {}
    faults: dict[str, None] = {}
    for name in bench().names():
        try:
            found[name] = bench().generators.found(name)
        except CifakeError as error:
            faults[str(error)] = None  # an ensemble says what its member says
    for sentence in faults:
        st.info(sentence)
    if not found and not faults:
        st.info("There are no trained networks yet. README says how to train them.")
    return found


def _tested(found: Mapping[str, FakesReport]) -> list[str]:
    """Generators that some network was tested on, in order."""
    return [
        name
        for name in titles()
        if any(name in each.generators for each in found.values())
    ]


def _row(
    generator: str,
    found: Mapping[str, FakesReport],
    known: Mapping[str, tuple[str, ...]],
    measure: Measure,
) -> dict[str, str]:
    """Line of one generator in the table."""
    sizes = [
        e.generators[generator].n for e in found.values() if generator in e.generators
    ]
    row = {"Generator": titles()[generator], "Pictures": f"{sizes[0]:,}"}
    for name, report in found.items():
        each = report.generators.get(generator)
        met = "learnt" if generator in known[name] else "never met"
        words = _figure(each, measure) if each else ""
        row[NETWORKS[name].title] = f"{words}, {met}" if words else ""
    return row


def _figure(report: GeneratorReport, measure: Measure) -> str:
    """Figure of one generator in words, with its interval."""
    return interval(report.recall) if measure == "recall" else area(report.roc_auc)


def _in_words(found: Mapping[str, FakesReport], measure: Measure) -> str:
    """Alternative text of the chart."""
    lines = [
        f"{NETWORKS[name].title}: "
        + ", ".join(
            f"{titles()[generator]} {getattr(each, measure).value:.3f}"
            for generator, each in report.generators.items()
        )
        for name, report in found.items()
    ]
    return f"{MEASURE_TITLES[measure]} of each generator. {'; '.join(lines)}."
