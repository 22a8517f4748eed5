"""The game's parts on the page: the question, the answer, and how it stands."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import streamlit as st

from cifake_core import figures
from cifake_core.basics.arrays import Rgb
from cifake_core.basics.errors import CifakeError
from cifake_core.basics.estimates import sigmoid
from cifake_core.basics.labels import LABELS, OBJECT_CLASSES, Label
from cifake_core.basics.seeds import MAX_SEED
from cifake_core.evaluation.game import (
    CONFIDENCES,
    PICTURES,
    Round,
    draw,
    guess,
    num_rounds,
    points,
)
from cifake_core.evaluation.scores import Scores
from cifake_core.explain import EXPLAINERS
from cifake_core.networks import NETWORKS
from cifake_core.ui.browse import views
from cifake_core.ui.browse.game_address import FAKES, PAGE, PLAYER, go
from cifake_core.ui.pages.game.pictures import GamePictures
from cifake_core.ui.services import visit
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import scope_lines, texts
from cifake_core.ui.widgets.computing import show_how
from cifake_core.ui.widgets.verdict_view import COLORS
from cifake_core.workbench.generators import titles

#: Width on the screen of the picture in question, and of a map in the answer.
_PICTURE, _MAP = 448, 224
_METHOD: Final = "gradcam"
_WORDS: Final = dict(
    zip(CONFIDENCES, ("a guess", "fairly sure", "very sure"), strict=True)
)


def ask_fakes(opened: Round) -> None:
    """Ask whose fakes to play with."""
    st.segmented_control(
        "Fakes by",
        tuple(FAKES),
        required=True,
        format_func=FAKES.__getitem__,
        key=views.held(PAGE, "fakes", opened.fakes),
        on_change=lambda: go(
            replace(opened, fakes=st.session_state[f"{PAGE}_fakes"], number=1)
        ),
    )


def ask_round(opened: Round, scores: Scores) -> None:
    """Ask whose fakes to play with, and for game and round."""
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    with row:
        ask_fakes(opened)
    row.number_input(
        "Game",
        min_value=0,
        max_value=MAX_SEED,
        key=views.held(PAGE, "game", opened.game),
        on_change=lambda: go(
            replace(opened, game=st.session_state[f"{PAGE}_game"], number=1)
        ),
        width=160,
        help="Who plays the same game sees the same pictures in the same order. The "
        "address of this page holds both numbers.",
    )
    row.number_input(
        f"Round, of {num_rounds(scores):,}",
        min_value=1,
        max_value=num_rounds(scores),
        key=views.held(PAGE, "round", opened.number),
        on_change=lambda: go(replace(opened, number=st.session_state[f"{PAGE}_round"])),
        width=160,
    )


def show_rules(pictures: GamePictures) -> None:
    """Say how pictures are drawn and how to play."""
    truths = pictures.first.labels[pictures.first.leak_free]
    num_real = int(truths.sum())
    fakes = f"{truths.size - num_real:,} FAKE"
    if pictures.mixed is not None:
        fakes += (
            f" by {len(set(pictures.mixed.makers)) - 1} generators, of each as many"
        )
    st.caption(
        f"{PICTURES} pictures make a round. A game is one shuffle of {truths.size:,} "
        f"pictures, {num_real:,} REAL and {fakes}, cut "
        f"into rounds: how many of the {PICTURES} are REAL is left to chance. Left out "
        "are pictures that also stand in the training set, as the networks know them, "
        "and second copies. The networks gave their answers on "
        "the very pictures that you see. Keys 1 to 6 answer, the right arrow goes on."
    )


def show_question(opened: Round, pictures: GamePictures) -> None:
    """The picture in question and the six answers; keys 1 to 6 give them."""
    number = len(opened.guesses) + 1
    positions = draw(pictures.first, game=opened.game, number=opened.number)
    image = np.array(pictures.images[positions[number - 1]])
    left, right = st.columns([1, 1], gap="large")
    _show_picture(left, image, alt=f"Picture {number} of {PICTURES}, enlarged.")
    right.subheader(f"Picture {number} of {PICTURES}")
    right.markdown("Photograph or AI-generated, and how sure are you?")
    # the surest above, so that all of them are seen at once in large text, too
    keys = {"FAKE": (1, 2, 3), "REAL": (6, 5, 4)}
    for column, label in zip(right.columns(2), LABELS, strict=True):
        for key, confidence in zip(keys[label], reversed(CONFIDENCES), strict=True):
            column.button(
                f":{COLORS[label]}[**{label}**], {_WORDS[confidence]} "
                f"({confidence:.0%})",
                key=f"{PAGE}_answer_{key}",
                shortcut=str(key),
                on_click=visit.play,
                args=(opened, guess(label, confidence)),
                width="stretch",
                wrap=True,
            )


def show_answer(opened: Round, pictures: GamePictures) -> None:
    """The truth, who was right about it, and where the networks looked."""
    number = len(opened.guesses)
    scores, first = pictures.scores, pictures.first
    position = int(draw(first, game=opened.game, number=opened.number)[number - 1])
    image = np.array(pictures.images[position])
    truth = LABELS[first.labels[position]]
    kind = OBJECT_CLASSES[first.object_classes[position]]
    left, right = st.columns([1, 1], gap="large")
    _show_picture(left, image, alt=f"Picture {number}: a {truth} {kind}, enlarged.")
    right.subheader(f"Picture {number} of {PICTURES}: {kind}")
    right.markdown(f"## The truth: :{COLORS[truth]}[{truth}]")
    if pictures.mixed is not None and truth == "FAKE":
        right.markdown(f"Made by: **{titles()[pictures.mixed.makers[position]]}**")
    said = {PLAYER: opened.guesses[-1]} | {
        NETWORKS[name].title: float(sigmoid(each.logits[position : position + 1])[0])
        for name, each in scores.items()
    }
    with right:
        _show_verdicts(said, truth)
        scope_lines.show_networks(scores)
    label = "How the round ended" if opened.is_over else "Next picture"
    right.button(
        label,
        key=f"{PAGE}_on",
        shortcut="Right",
        type="primary",
        on_click=visit.go_on,
        args=(opened,),
        width="stretch",
    )
    _show_maps(image, {n: said[NETWORKS[n].title] for n in scores})


def _show_picture(
    place: st.delta_generator.DeltaGenerator, image: Rgb, *, alt: str
) -> None:
    """32x32 picture as large as a class can see it."""
    large = figures.enlarge(image, size=_PICTURE)
    place.image(large, width=_PICTURE, alt=alt, output_format="PNG")


def _show_verdicts(said: Mapping[str, float], truth: Label) -> None:
    """Line for the player and each network: what they said, what it earned."""
    rows = []
    for name, p_real in said.items():
        called = LABELS[int(p_real >= 0.5)]
        earned = points(np.array([LABELS.index(truth)]), np.array([p_real]))[0]
        rows.append(
            {
                "Who": f"**{name}**",
                "Said": f":{COLORS[called]}[{called}]",
                "How sure": texts.plain(texts.percent(max(p_real, 1 - p_real))),
                "Right?": ":material/check: right"
                if called == truth
                else ":material/close: wrong",
                "Points": f"{earned:+.0f}",
            }
        )
    st.markdown(texts.table(rows))


def _show_maps(image: Rgb, said: Mapping[str, float]) -> None:
    """Heat map of each network; only this needs the networks."""
    method = EXPLAINERS[_METHOD]
    st.markdown("**Where each network sees its evidence**")
    row = st.container(horizontal=True, gap="medium")
    try:
        picture = bench().prepare(image)
        for name, p_real in said.items():
            label = LABELS[int(p_real >= 0.5)]
            explanation = bench().explain(
                picture, network=name, method=_METHOD, label=label
            )
            title = NETWORKS[name].title
            with row.container(width=_MAP):
                st.image(
                    figures.overlay(image, explanation, opacity=0.6, size=_MAP),
                    width=_MAP,
                    alt=f"{method.title} of the {title} for {label}.",
                    output_format="PNG",
                )
                st.caption(f"{title}, for {label}")
    except CifakeError as error:
        st.warning(str(error))
    st.caption(f"{method.title}. {method.shows}")
    show_how(_METHOD, key=f"{PAGE}_map")
