"""How a round ended, and how all rounds of a visit went."""

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

from cifake_core import figures
from cifake_core.evaluation.game import Round, Tally, game_csv, num_rounds
from cifake_core.evaluation.scores import Scores
from cifake_core.networks import NETWORKS
from cifake_core.ui.browse.game_address import PAGE, PLAYER, go
from cifake_core.ui.services import visit
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import texts
from cifake_core.ui.widgets.components import CHART, PLOT_CONFIG


def show_result(opened: Round, scores: Mapping[str, Scores]) -> None:
    """Result of a finished round, and the way to the next."""
    found = _tallies([opened], scores)
    you = found[PLAYER]
    best = max(each.right for title, each in found.items() if title != PLAYER)
    st.subheader(f"Round {opened.number}: {you.right} of {you.n} right")
    if you.right > best:
        st.success("You beat every network.", icon=":material/trophy:")
    elif you.right == best:
        st.info("Level with the best network.", icon=":material/balance:")
    else:
        st.info(f"The best network had {best} right.", icon=":material/smart_toy:")
    _show_tallies(found)
    last = opened.number == num_rounds(next(iter(scores.values())))
    st.button(
        "Next round",
        key=f"{PAGE}_next",
        shortcut="Right",
        type="primary",
        disabled=last,
        on_click=go,
        args=(opened.game, opened.number + 1),
    )


def show_session(scores: Mapping[str, Scores]) -> None:
    """Results of all rounds of this visit, together and one by one."""
    rounds = [each for each in visit.played().values() if each.is_over]
    if not rounds:
        return
    st.header("All rounds of this visit", divider="gray")
    found = _tallies(rounds, scores)
    if len(rounds) > 1:
        _show_tallies(found)
        _show_rounds(rounds, scores)
    with st.container(width=CHART):
        st.subheader("Sure, and right?")
        st.plotly_chart(
            figures.players_figure({title: each.bins for title, each in found.items()}),
            key=f"{PAGE}_calibration",
            alt="How sure, and how often right. " + _in_words(found),
            config=PLOT_CONFIG,
        )
    st.caption(
        "On the dotted line, who is 80 % sure is right in 8 of 10. Above it one is "
        "right more often than one thinks, below it less often. Bars are 95 % "
        "intervals: after one round they say little. Beside each point stands the "
        "number of pictures."
    )
    row = st.container(horizontal=True)
    row.download_button(
        "Download the results as CSV",
        lambda: game_csv(rounds, scores),
        file_name="beat-the-model.csv",
        mime="text/csv",
        icon=":material/download:",
        shortcut="D",
        on_click="ignore",
    )
    row.button(
        "Forget all rounds",
        key=f"{PAGE}_forget",
        icon=":material/delete:",
        on_click=visit.forget_rounds,
    )


def _tallies(rounds: Sequence[Round], networks: Iterable[str]) -> dict[str, Tally]:
    """Tallies by the titles of the networks, the player first."""
    found = bench().evaluation.tallies(rounds, tuple(networks), player=PLAYER)
    return {
        name if name == PLAYER else NETWORKS[name].title: each
        for name, each in found.items()
    }


def _show_tallies(found: Mapping[str, Tally]) -> None:
    """Line for the player and each network."""
    rows = [
        {
            "Who": f"**{title}**",
            "Right": f"{each.right} of {each.n}",
            "Accuracy": texts.interval(each.accuracy),
            "Points": f"{each.points:+,.0f}",
        }
        for title, each in found.items()
    ]
    st.markdown(texts.table(rows))
    st.caption(
        "In brackets the 95 % interval: how good somebody may be who did so well on so "
        "few pictures. Points: 100 for the truth with full certainty, 0 for leaving it "
        "open, down to -300 for full certainty of the wrong. In the long run nothing "
        "earns more than to say how sure one is."
    )


def _show_rounds(rounds: list[Round], scores: Mapping[str, Scores]) -> None:
    """Line for each round: who had how many right."""
    rows = []
    for each in rounds:
        found = _tallies([each], scores)
        rows.append(
            {"Round": f"Game {each.game}, round {each.number}"}
            | {title: f"{one.right} right" for title, one in found.items()}
            | {"Your points": f"{found[PLAYER].points:+.0f}"}
        )
    st.markdown(texts.table(rows))


def _in_words(found: Mapping[str, Tally]) -> str:
    """Points of the chart as sentences."""
    return " ".join(
        f"{title}: "
        + ", ".join(
            f"{each.confidence:.0%} sure, {each.accuracy.value:.0%} right ({each.n})"
            for each in one.bins
        )
        + "."
        for title, one in found.items()
    )
