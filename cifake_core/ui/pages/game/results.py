"""How a round ended, and how all rounds of a visit went."""

from collections.abc import Mapping, Sequence

import streamlit as st

from cifake_core import figures
from cifake_core.evaluation.game import Round, Tally, game_csv, num_rounds, tallies
from cifake_core.evaluation.generator_game import fooled
from cifake_core.networks import NETWORKS
from cifake_core.ui.browse.game_address import PAGE, PLAYER, go
from cifake_core.ui.pages.game.pictures import GamePictures
from cifake_core.ui.services import visit
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import texts
from cifake_core.ui.widgets.components import chart_width
from cifake_core.ui.widgets.computing import show_chart
from cifake_core.verdicts.scope_words import knows
from cifake_core.workbench.generators import titles


def show_result(opened: Round, pictures: GamePictures) -> None:
    """Result of a finished round, and the way to the next."""
    found = _tallies([opened], pictures)
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
    _show_fooled([opened], pictures)
    last = opened.number == num_rounds(pictures.first)
    st.button(
        "Next round",
        key=f"{PAGE}_next",
        shortcut="Right",
        type="primary",
        disabled=last,
        on_click=go,
        args=(Round(game=opened.game, number=opened.number + 1, fakes=opened.fakes),),
    )


def show_session(opened: Round, pictures: GamePictures) -> None:
    """Results of all rounds of this visit with such fakes, together and one by one."""
    rounds = [
        each
        for each in visit.played().values()
        if each.is_over and each.fakes == opened.fakes
    ]
    if not rounds:
        return
    st.header("All rounds of this visit", divider="gray")
    found = _tallies(rounds, pictures)
    if len(rounds) > 1:
        _show_tallies(found)
        _show_fooled(rounds, pictures)
        _show_rounds(rounds, pictures)
    with st.container(width=chart_width()):
        st.subheader("Sure, and right?")
        show_chart(
            "players_figure",
            figures.players_figure({title: each.bins for title, each in found.items()}),
            key=f"{PAGE}_calibration",
            alt="How sure, and how often right. " + _in_words(found),
        )
    st.caption(
        "On the dotted line, who is 80 % sure is right in 8 of 10. Above it one is "
        "right more often than one thinks, below it less often. Bars are 95 % "
        "intervals: after one round they say little. Beside each point stands the "
        "number of pictures."
    )
    _offer_session(rounds, pictures)


def _offer_session(rounds: Sequence[Round], pictures: GamePictures) -> None:
    """Results of these rounds as CSV, and the way to forget them."""
    row = st.container(horizontal=True)
    row.download_button(
        "Download the results as CSV",
        lambda: game_csv(
            rounds,
            pictures.scores,
            knows={name: knows(bench().scope.known(name)) for name in pictures.scores},
            makers=pictures.mixed.makers if pictures.mixed else (),
        ),
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


def _tallies(rounds: Sequence[Round], pictures: GamePictures) -> dict[str, Tally]:
    """Tallies by the titles of the networks, the player first."""
    if pictures.mixed is None:
        names = tuple(pictures.scores)
        found = bench().evaluation.tallies(rounds, names, player=PLAYER)
    else:
        found = tallies(rounds, pictures.scores, player=PLAYER)
    return {_title(name): each for name, each in found.items()}


def _title(name: str) -> str:
    """Title of a network, or the player's name."""
    return name if name == PLAYER else NETWORKS[name].title


def _show_fooled(rounds: Sequence[Round], pictures: GamePictures) -> None:
    """Who was fooled by which generator, where there are several."""
    if pictures.mixed is None:
        return
    rows = [
        {
            "Made by": titles().get(each.maker, "a camera: photographs"),
            "Pictures": f"{each.n}",
        }
        | {
            f"{_title(name)} fooled": f"{count} of {each.n}"
            for name, count in each.fooled.items()
        }
        for each in fooled(rounds, pictures.mixed, player=PLAYER)
    ]
    st.markdown("**Who was fooled by which generator?**")
    st.markdown(texts.table(rows))
    st.caption("Fakes taken for photographs, and photographs taken for fakes.")


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


def _show_rounds(rounds: list[Round], pictures: GamePictures) -> None:
    """Line for each round: who had how many right."""
    rows = []
    for each in rounds:
        found = _tallies([each], pictures)
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
