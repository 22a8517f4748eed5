"""The controls and charts of corrupted pictures: what it costs, and which flip."""

from collections.abc import Mapping
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
import streamlit as st

from cifake_core import figures
from cifake_core.basics.errors import CifakeError
from cifake_core.basics.estimates import Estimate
from cifake_core.evaluation.records import RobustnessReport
from cifake_core.evaluation.scores import Scores
from cifake_core.evaluation.selection import matching
from cifake_core.networks import NETWORKS
from cifake_core.pictures.corruptions import CORRUPTION_KINDS, CORRUPTIONS
from cifake_core.ui.browse import (
    chosen_pictures,
    robustness_address,
    view_controls,
    views,
)
from cifake_core.ui.browse.robustness_address import PAGE, View
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets.components import chart_width, show_on_request
from cifake_core.ui.widgets.computing import show_chart
from cifake_core.ui.widgets.texts import interval

FILTERS: Final = ("object_class", "label", "copies")


def _ask_view(view: View) -> None:
    """Ask for the networks in the charts, and the pictures."""
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    key = views.held(PAGE, "lines", list(view.networks))
    row.pills(
        "Networks in the charts",
        bench().all_names(),
        selection_mode="multi",
        format_func=lambda name: NETWORKS[name].title,
        key=key,
        on_change=lambda: robustness_address.put_lines(st.session_state[key]),
    )
    chosen_pictures.ask(PAGE, view.selection, row)


def _reports(view: View) -> dict[str, RobustnessReport]:
    """Figures of the networks in the charts; say which lack them."""
    chosen = bench().on(view.selection.pictures)
    found: dict[str, RobustnessReport] = {}
    faults: dict[str, None] = {}
    for name in view.networks:
        try:
            if chosen_pictures.compute(PAGE, chosen, name, corrupted=True) is not None:
                found[name] = chosen.robustness.report(
                    name, leak_free=view.selection.leak_free
                )
        except CifakeError as error:
            faults[str(error)] = None  # an ensemble says what its member says
    for sentence in faults:
        st.info(sentence)
    return found


def show_networks(view: View) -> None:
    """Ask for networks, draw their charts, and all figures as a table."""
    _ask_view(view)
    chosen_pictures.describe(view.selection)
    found = _reports(view)
    if found:
        st.caption("Click a point to see below which pictures flip there.")
        _show_charts(view, found)
        _show_table(found)


def ask_anew(view: View) -> None:
    """Controls for something else, and the other networks' charts if they are stored.

    On a set of one's own they would be computed, whose pictures may be unreadable, or
    which somebody may just have stopped.
    """
    if view.selection.of_cifake:
        show_networks(view)
    else:
        _ask_view(view)
    ask_point(view)


def _show_charts(view: View, found: Mapping[str, RobustnessReport]) -> None:
    """Chart for each kind of corruption; a click on a point chooses it."""
    leak_free = view.selection.leak_free
    evaluation = bench().on(view.selection.pictures).evaluation
    clean = {
        f"{NETWORKS[name].title} (n = {report.n:,})": evaluation.report(
            name, leak_free=leak_free
        ).accuracy
        for name, report in found.items()
    }
    lows = [
        estimate.low
        for report in found.values()
        for shares in report.accuracy.values()
        for estimate in shares.values()
    ]
    row = st.container(horizontal=True, gap="medium")
    for kind, corruption_kind in CORRUPTION_KINDS.items():
        with row.container(width=chart_width()):
            st.subheader(corruption_kind.title)
            key = f"robustness_{kind}"
            show_chart(
                "robustness_figure",
                figures.robustness_figure(
                    clean,
                    found,
                    kind=kind,
                    lowest=max(0.0, min(lows) - 0.02),
                    chosen=(view.selection.network, view.corruption),
                ),
                key=key,
                on_select=partial(choose_point, key),
                alt=_in_words(kind, clean, found),
            )


def _in_words(
    kind: str, clean: Mapping[str, Estimate], found: Mapping[str, RobustnessReport]
) -> str:
    """Alternative text of a chart."""
    corruption_kind = CORRUPTION_KINDS[kind]
    lines = [
        f"{title}: uncorrupted {untouched.value:.1%}, "
        + ", ".join(
            f"{strength:g} {share.value:.1%}"
            for strength, share in report.accuracy[kind].items()
        )
        for (title, untouched), report in zip(
            clean.items(), found.values(), strict=True
        )
    ]
    return (
        f"Accuracy after {corruption_kind.title}, by {corruption_kind.measure}. "
        f"{'; '.join(lines)}."
    )


def choose_point(key: str) -> None:
    """Show the pictures that flip at the clicked point."""
    for point in st.session_state[key]["selection"]["points"]:
        mark = point["customdata"][0]
        if mark:  # pictures as they are have none
            robustness_address.put_point(mark)


def _show_table(found: Mapping[str, RobustnessReport]) -> None:
    """All figures of the charts, with their intervals."""
    titles = {name: NETWORKS[name].title for name in found}
    rows = [
        {"Corruption": corruption.title}
        | {
            title: interval(found[name].accuracy[corruption.kind][corruption.strength])
            for name, title in titles.items()
        }
        for corruption in CORRUPTIONS.values()
    ]
    show_on_request(
        "All figures, in percent with their 95 % intervals",
        lambda: st.dataframe(
            rows,
            hide_index=True,
            height="content",
            alt="Accuracy after each corruption, as in the charts.",
        ),
        key="robustness_figures",
    )


def ask_point(view: View) -> None:
    """Ask whose pictures to show, after what; a click on a point does the same."""
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    view_controls.ask_network(PAGE, view.selection.network, row)
    key = views.held(PAGE, "corruption", view.corruption.name)
    row.selectbox(
        "Corruption",
        tuple(CORRUPTIONS),
        format_func=lambda name: CORRUPTIONS[name].title,
        key=key,
        on_change=lambda: _put_corruption(st.session_state[key]),
        width=320,
    )


def _put_corruption(name: str) -> None:
    """Show the first page of the pictures that flip after another corruption."""
    views.change(PAGE)
    robustness_address.put_corruption(name)


def flipping(view: View, after: Scores) -> npt.NDArray[np.int64]:
    """Pictures that are rightly called as they are, and not when corrupted.

    They are in the order of the corrupted ones, whose scores are `after`.
    """
    found = matching(after, view.selection)
    robustness = bench().on(view.selection.pictures).robustness
    return found[robustness.flipped(after.network, view.corruption)[found]]


def show_loss(view: View) -> None:
    """Say what the corruption does to the accuracy, and how many pictures flip."""
    selection = view.selection
    robustness = bench().on(selection.pictures).robustness
    found = robustness.loss(
        selection.network, view.corruption, leak_free=selection.leak_free
    )
    change = found.difference
    st.markdown(
        f"**Accuracy changes by {100 * change.value:+.2f} points** (95 % interval "
        f"{100 * change.low:+.2f} to {100 * change.high:+.2f}, on the same "
        f"{found.n:,} pictures), from {found.accuracy_b:.2%} to "
        f"{found.accuracy_a:.2%}: {found.only_b:,} pictures flip from right to wrong, "
        f"{found.only_a:,} from wrong to right."
    )


def title(view: View) -> str:
    """Heading of the gallery."""
    network = NETWORKS[view.selection.network].title
    return f"What the {network} no longer gets right after {view.corruption.title}"
