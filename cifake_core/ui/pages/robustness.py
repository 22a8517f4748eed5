"""The controls and charts of corrupted pictures: what it costs, and which flip."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import streamlit as st

from cifake_core import figures
from cifake_core.basics.errors import CifakeError
from cifake_core.basics.estimates import Estimate
from cifake_core.evaluation.operating_points import EVEN
from cifake_core.evaluation.records import RobustnessReport
from cifake_core.evaluation.scores import Scores
from cifake_core.evaluation.selection import Selection, matching
from cifake_core.networks import NETWORKS
from cifake_core.pictures.corruptions import CORRUPTION_KINDS, CORRUPTIONS, Corruption
from cifake_core.ui.browse import views
from cifake_core.ui.browse.address import fault
from cifake_core.ui.browse.view_controls import ask_set
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets.components import CHART, PLOT_CONFIG, show_on_request
from cifake_core.ui.widgets.texts import interval

PAGE: Final = "robustness"
FILTERS: Final = ("object_class", "label", "copies")
#: What is looked at before anyone clicks a point.
_FIRST: Final = "jpeg_50"
_BETWEEN: Final = " "
#: What the address called the corruption in links of before.
_FORMERLY: Final = "damage"


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """What the page shows: pictures that flip for one network, lines for several.

    `selection` says which network and pictures, `corruption` what was done to them;
    `networks` have lines in the charts. `faults` are sentences on the address.
    """

    selection: Selection
    corruption: Corruption
    networks: tuple[str, ...]
    faults: tuple[str, ...]


def current() -> View:
    """View that the address opens."""
    selection, faults = views.current(PAGE)
    parameters = views.query(PAGE)
    name = parameters.get("corruption", parameters.get(_FORMERLY, _FIRST))
    known = bench().all_names()
    asked = parameters.get("lines", _BETWEEN.join(bench().names())).split()
    sentences = list(faults)
    if name not in CORRUPTIONS:
        sentences.append(fault("corruption", name, expected=_one_of(CORRUPTIONS)))
    sentences += [
        fault("lines", each, expected=_one_of(known))
        for each in asked
        if each not in known
    ]
    return View(
        selection=replace(selection, threshold=EVEN),
        corruption=CORRUPTIONS.get(name, CORRUPTIONS[_FIRST]),
        networks=tuple(each for each in known if each in asked),
        faults=tuple(sentences),
    )


def _one_of(choices: Iterable[str]) -> str:
    """Words for what is expected: one of several names."""
    return f"one of: {', '.join(choices)}"


def _ask_view(view: View) -> None:
    """Ask for the networks in the charts, and the set."""
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    key = views.held(PAGE, "lines", list(view.networks))
    row.pills(
        "Networks in the charts",
        bench().all_names(),
        selection_mode="multi",
        format_func=lambda name: NETWORKS[name].title,
        key=key,
        on_change=lambda: views.put(PAGE, lines=_BETWEEN.join(st.session_state[key])),
    )
    ask_set(PAGE, view.selection, row)


def _reports(view: View) -> dict[str, RobustnessReport]:
    """Figures of the networks in the charts; say which lack them."""
    found: dict[str, RobustnessReport] = {}
    faults: dict[str, None] = {}
    for name in view.networks:
        try:
            found[name] = bench().robustness.report(
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
    found = _reports(view)
    if found:
        st.caption("Click a point to see below which pictures flip there.")
        _show_charts(view, found)
        _show_table(found)


def ask_anew(view: View) -> None:
    """The charts of the other networks, and the controls to choose one of them."""
    show_networks(view)
    ask_point(view)


def _show_charts(view: View, found: Mapping[str, RobustnessReport]) -> None:
    """Chart for each kind of corruption; a click on a point chooses it."""
    leak_free = view.selection.leak_free
    clean = {
        f"{NETWORKS[name].title} (n = {report.n:,})": bench()
        .evaluation.report(name, leak_free=leak_free)
        .accuracy
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
        with row.container(width=CHART):
            st.subheader(corruption_kind.title)
            key = f"robustness_{kind}"
            st.plotly_chart(
                figures.robustness_figure(
                    clean,
                    found,
                    kind=kind,
                    lowest=max(0.0, min(lows) - 0.02),
                    chosen=(view.selection.network, view.corruption),
                ),
                key=key,
                on_select=lambda key=key: choose_point(key),
                selection_mode="points",
                alt=_in_words(kind, clean, found),
                config=PLOT_CONFIG,
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
            network, corruption = mark.split(_BETWEEN)
            views.change(PAGE, network=network)
            views.put(PAGE, corruption=corruption, **{_FORMERLY: None})


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
    row.selectbox(
        "Network",
        bench().all_names(),
        format_func=lambda name: NETWORKS[name].title,
        key=views.held(PAGE, "network", view.selection.network),
        on_change=views.moved(PAGE, "network"),
        width=280,
    )
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
    views.put(PAGE, corruption=name, **{_FORMERLY: None})


def flipping(view: View, after: Scores) -> npt.NDArray[np.int64]:
    """Pictures that are rightly called as they are, and not when corrupted.

    They are in the order of the corrupted ones, whose scores are `after`.
    """
    found = matching(after, view.selection)
    return found[bench().robustness.flipped(after.network, view.corruption)[found]]


def show_loss(view: View) -> None:
    """Say what the corruption does to the accuracy, and how many pictures flip."""
    selection = view.selection
    found = bench().robustness.loss(
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
