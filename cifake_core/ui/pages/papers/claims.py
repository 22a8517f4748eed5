"""Earlier systems: what each claims, what its networks came to here, and their cost."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from cifake_core import figures
from cifake_core.basics.errors import CifakeError
from cifake_core.basics.estimates import Estimate
from cifake_core.networks import NETWORKS, PAPERS
from cifake_core.papers.bird_lotfi_search import Ranking
from cifake_core.papers.bird_lotfi_trial import Topology, Trial
from cifake_core.papers.claims import CLAIMS, SYSTEMS, Claim
from cifake_core.papers.leaderboard import LeaderboardEntry, to_csv
from cifake_core.ui.browse import views
from cifake_core.ui.browse.address import fault
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import texts
from cifake_core.ui.widgets.components import show_on_request
from cifake_core.ui.widgets.computing import show_chart
from cifake_core.ui.widgets.texts import interval, table

PAGE: Final = "papers"
NOT_YET: Final = "not reproduced yet"
#: Width on the screen of a column that may have words.
_WIDE: Final = 190
_UNKNOWN: Final = "\N{EN DASH}"
#: What was claimed of CIFAKE, a line each in the table.
_ROWS: Final = tuple(claim for claim in CLAIMS if claim.about_cifake)
#: The network that Bird & Lotfi's own search found best.
_THEIR_BEST: Final = Topology(convolutions=2, filters=32, dense_layers=1, units=64)


def opened() -> tuple[str | None, tuple[str, ...]]:
    """Network that the address opens, and a sentence on a bad one."""
    name = views.query(PAGE).get("network")
    if name is None or name in PAPERS:
        return name, ()
    return None, (fault("network", name, expected=f"one of: {', '.join(PAPERS)}"),)


def show_table(entries: Mapping[str, LeaderboardEntry], name: str | None) -> None:
    """Every claim beside what its network came to; a click on a row opens it."""
    rows = [_row(claim, entries[claim.network or ""]) for claim in _ROWS]
    key = f"{PAGE}_table_{name}"  # another network's table has no row chosen
    st.dataframe(
        rows,
        key=key,
        on_select=lambda: open_row(key),
        selection_mode="single-row",
        column_config={"Claimed": st.column_config.Column(width=_WIDE)},
        hide_index=True,
        height="content",
        alt="Claims and reproductions. "
        + " ".join(
            f"{row['System']}, {row['Network']}: claimed {row['Claimed']}, measured "
            f"{row['Measured here']}."
            for row in rows
        ),
    )
    sizes = sorted({each.n for each in entries.values() if each.n})
    on = " and ".join(f"{n:,}" for n in sizes)
    st.caption(
        "Claimed: what a paper says of itself. Measured here: the same network, "
        "trained by this product and tried on the official test set"
        + (f" ({on} pictures), with its 95 % interval. " if sizes else ". ")
        + "One picture: the median of 50 on the machine that measured it, once warm. "
        "Click a row to open its network."
    )
    _show_ours(entries)


def _row(claim: Claim, found: LeaderboardEntry) -> dict[str, str]:
    """One line of the table."""
    minutes = None if found.seconds is None else found.seconds / 60
    return {
        "System": SYSTEMS[claim.system].title,
        "Network": claim.name,
        "Claimed": texts.claimed(claim),
        "Measured here": interval(found.accuracy) if found.accuracy else NOT_YET,
        "Parameters": _written(found.parameters, "{:,}"),
        "Multiply-adds": _written(found.multiply_adds, "{:,}"),
        "Epochs": _written(found.epochs, "{}"),
        "Training": _written(minutes, "{:,.0f} min"),
        "One picture": _written(found.milliseconds, "{:.1f} ms"),
    }


def _written(value: float | None, form: str) -> str:
    """Figure, or a dash for one that is not known."""
    return _UNKNOWN if value is None else form.format(value)


def _show_ours(entries: Mapping[str, LeaderboardEntry]) -> None:
    """Say how our own networks did, and which of the papers' are missing."""
    ours = [
        f"{NETWORKS[name].title} {interval(found.accuracy)}"
        for name, found in entries.items()
        if name not in PAPERS and found.accuracy
    ]
    if ours:
        st.markdown(
            f"**This product's own networks, for comparison:** {', '.join(ours)}"
        )
    missing = [name for name in PAPERS if entries[name].accuracy is None]
    if missing:
        names = ""
        if len(missing) < len(PAPERS):
            names = f" {' '.join(missing)}"
        st.info(
            f"{len(missing)} of {len(PAPERS)} networks are {NOT_YET}. `python -m "
            f"cifake_core reproduce{names}` trains and measures them, and goes on "
            "where it was stopped."
        )


def open_row(key: str) -> None:
    """Open the network of the clicked row."""
    for row in st.session_state[key]["selection"]["rows"]:
        views.put(PAGE, network=_ROWS[row].network)


def ask_network(name: str | None, entries: Mapping[str, LeaderboardEntry]) -> None:
    """Ask which network to open, and offer all figures as a file."""
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    key = views.held(PAGE, "network", name)
    row.selectbox(
        "Network to open",
        tuple(PAPERS),
        index=None,
        placeholder="none",
        format_func=lambda each: NETWORKS[each].title,
        key=key,
        on_change=lambda: views.put(PAGE, network=st.session_state[key]),
        width=320,
    )
    row.download_button(
        "Download all figures as CSV",
        lambda: to_csv(entries),
        file_name="papers.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def show_differences() -> None:
    """Say of each system what our reproduction does otherwise, and why."""
    for key, system in SYSTEMS.items():
        by_sentence: dict[str, list[str]] = {}
        for claim in _ROWS:
            if claim.system == key:
                by_sentence.setdefault(claim.differs, []).append(claim.name)
        head = f"**{system.title}**"
        sentences = [f"{head}: {system.note}" if system.note else head]
        sentences += [f"{'; '.join(n)}: {s}" for s, n in by_sentence.items()]
        st.markdown("\n    - ".join(["- " + sentences[0], *sentences[1:]]))


def show_cost(entries: Mapping[str, LeaderboardEntry]) -> None:
    """Accuracy against multiply-adds."""
    try:
        bench().papers.layers(next(iter(PAPERS)))
    except CifakeError as error:
        st.info(
            f"{error} Until then, networks that are {NOT_YET} are not in the chart."
        )
    words = [
        f"{NETWORKS[name].title} {found.multiply_adds:,} multiply-adds, "
        + (f"measured {interval(found.accuracy)}" if found.accuracy else NOT_YET)
        for name, found in entries.items()
        if found.multiply_adds
    ]
    show_chart(
        "cost_figure",
        figures.cost_figure(entries, _ROWS),
        key=f"{PAGE}_cost",
        alt=f"Accuracy against multiply-adds a picture. {'; '.join(words)}. Claims are "
        "those of the table.",
    )


def show_learning(entries: Mapping[str, LeaderboardEntry]) -> None:
    """Learning curves of every network that was trained."""
    histories = {
        NETWORKS[name].title: history
        for name in entries
        if (history := bench().evaluation.history(name))
    }
    if not any(spec.title in histories for spec in PAPERS.values()):
        st.info(
            "There are no learning curves of the papers' networks yet. `python -m "
            "cifake_core reproduce` makes them."
        )
    if not histories:
        return
    ends = [
        f"{title} {history['validation_accuracy'][-1]:.1%} after "
        f"{len(history['epoch'])} epochs"
        for title, history in histories.items()
    ]
    show_chart(
        "learning_figure",
        figures.learning_figure(histories),
        key=f"{PAGE}_learning",
        alt=f"Loss and accuracy on held-out pictures by epoch: {', '.join(ends)}.",
    )
    st.caption(
        "The papers' networks stop when the loss on pictures held out of training no "
        "longer falls, and keep the weights of their best epoch; ours run to the end."
    )


def show_search() -> None:
    """Bird & Lotfi's networks in a search like theirs: chart, best, table."""
    try:
        ranking = bench().papers.ranking()
    except CifakeError as error:
        st.info(str(error))
        return
    accuracies = _accuracies(ranking)
    show_chart(
        "search_figure",
        figures.search_figure(ranking, accuracies),
        key=f"{PAGE}_search",
        alt="Accuracy of each network of the search: "
        + "; ".join(f"{each} {share.value:.1%}" for each, share in accuracies.items())
        + ".",
    )
    best = ranking.trials[0].topology
    words = f"**Best here: {best}, {interval(accuracies[best])}.**"
    st.markdown(f"{words} {_rank_of_theirs(ranking)}")
    config = ranking.config
    st.caption(
        f"Each network saw {config.num_pictures:,} pictures {config.epochs} times, far "
        f"less than in the paper, and is measured on {ranking.num_validation:,} "
        "pictures held out of training; bars are 95 % intervals."
    )
    show_on_request(
        f"All {len(ranking.trials)} networks, best first",
        lambda: st.dataframe(
            [_trial_row(trial, accuracies[trial.topology]) for trial in ranking.trials],
            hide_index=True,
            alt="The networks of the search, best first, as in the chart.",
        ),
        key="papers_trials",
    )


def _rank_of_theirs(ranking: Ranking) -> str:
    """Sentence on where the paper's own best network comes."""
    places = [trial.topology for trial in ranking.trials]
    if _THEIR_BEST not in places:
        return f"The paper's best, {_THEIR_BEST}, is not among those tried here."
    return (
        f"The paper's best, {_THEIR_BEST}, comes {places.index(_THEIR_BEST) + 1}. of "
        f"{len(places)} here."
    )


def _trial_row(trial: Trial, accuracy: Estimate) -> dict[str, str]:
    """Row of one network in the table of the search."""
    return {
        "Network": str(trial.topology),
        "Accuracy": interval(accuracy),
        "Parameters": f"{trial.parameters:,}",
        "Multiply-adds": f"{trial.multiply_adds:,}",
        "Seconds": f"{trial.seconds:.0f}",
    }


def _accuracies(ranking: Ranking) -> dict[Topology, Estimate]:
    """Each network's accuracy with its interval, best first."""
    return {trial.topology: ranking.accuracy(trial) for trial in ranking.trials}


def show_elsewhere() -> None:
    """Table of claims about other pictures than CIFAKE."""
    rows = [
        {
            "System": claim.name,
            "Claimed, not on CIFAKE": texts.claimed(claim),
            "Where from": claim.note,
        }
        for claim in CLAIMS
        if not claim.about_cifake
    ]
    st.markdown(table(rows))
