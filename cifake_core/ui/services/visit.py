"""What a visitor's session holds, behind functions: the chosen pictures, the game.

Widgets keep their own values with `persist_state="session"`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
import streamlit as st

from cifake_core.basics.errors import CifakeError
from cifake_core.basics.labels import LABELS, OBJECT_CLASSES, Label
from cifake_core.data.cifake import Split
from cifake_core.evaluation.game import Round
from cifake_core.pictures.reading import read_picture
from cifake_core.pictures.records import Picture
from cifake_core.ui.services import samples

#: Of the picture in question: to be guessed, to be compared; or the round is over.
Stage: TypeAlias = Literal["question", "answer", "result"]

_PICTURES = "analyze_pictures"
_POSITION = "analyze_position"
_REFUSALS = "analyze_refusals"
_ROUNDS = "beat_the_model_rounds"
_READ = "beat_the_model_read"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Chosen:
    """One picture that is being analysed; `truth` is known for test pictures.

    `address` is what names the picture in an address, for everybody: the number of a
    test picture or the file of a sample. Others have none.
    """

    name: str
    picture: Picture
    truth: Label | None = None
    address: str | None = None


def pictures() -> list[Chosen]:
    """Pictures of this session, in the order they were given."""
    return list(st.session_state.get(_PICTURES, []))


def current() -> Chosen | None:
    """Picture that is open, or None before there is any."""
    chosen = pictures()
    return chosen[position()] if chosen else None


def position() -> int:
    """Position of the picture that is open."""
    return int(st.session_state.get(_POSITION, 0))


def refusals() -> list[str]:
    """Sentence for each file that could not be used."""
    return list(st.session_state.get(_REFUSALS, []))


def choose(chosen: Sequence[Chosen], *, refused: Sequence[str] = ()) -> None:
    """Analyse these pictures from now on, the first of them open."""
    st.session_state[_PICTURES] = list(chosen)
    st.session_state[_POSITION] = 0
    st.session_state[_REFUSALS] = list(refused)


def open_at(number: int) -> None:
    """Open another of the chosen pictures; the first is 0."""
    st.session_state[_POSITION] = number


def sample(file: str) -> Chosen:
    """One of the pictures that come with the app."""
    (title,) = (each["title"] for each in samples.entries() if each["file"] == file)
    return Chosen(name=title, picture=samples.picture(file), address=file)


def test_picture(split: Split, position: int) -> Chosen:
    """Picture of the test split whose number is `position`."""
    number = split.object_classes[position]  # -1 where the file's name tells none
    kind = f" ({OBJECT_CLASSES[number]})" if number >= 0 else ""
    return Chosen(
        name=f"Test picture {position}{kind}",
        picture=Picture(pixels=np.array(split.images[position]), format="JPEG"),
        truth=LABELS[split.labels[position]],
        address=str(position),
    )


def choose_files(files: Sequence[tuple[str, bytes]]) -> None:
    """Analyse these files, name and bytes; keep a sentence for each bad one."""
    chosen, refused = [], []
    for name, data in files:
        try:
            chosen.append(Chosen(name=name, picture=read_picture(data)))
        except CifakeError as error:
            refused.append(f"{name}: {error}")
    if chosen or not pictures():
        choose(chosen, refused=refused)
    else:  # nothing usable came: what is open stays open
        st.session_state[_REFUSALS] = refused


def played() -> dict[tuple[int, int], Round]:
    """Rounds that were begun, by game and number, in that order."""
    return dict(st.session_state.get(_ROUNDS, {}))


def stage(opened: Round) -> Stage:
    """Stage of a round: it waits for a guess, to be read, or for nothing more."""
    if len(opened.guesses) > st.session_state.get(_READ, {}).get(_key(opened), 0):
        return "answer"
    return "result" if opened.is_over else "question"


def play(opened: Round, p_real: float) -> None:
    """Note the player's guess at the next picture; it stays."""
    now = replace(opened, guesses=(*opened.guesses, p_real))
    st.session_state[_ROUNDS] = played() | {_key(now): now}


def go_on(opened: Round) -> None:
    """Note that the answer to the last guess was read."""
    read = dict(st.session_state.get(_READ, {}))
    st.session_state[_READ] = read | {_key(opened): len(opened.guesses)}


def forget_rounds() -> None:
    """Forget every guess."""
    st.session_state.pop(_ROUNDS, None)
    st.session_state.pop(_READ, None)


def _key(opened: Round) -> tuple[int, int]:
    """Key of a round."""
    return opened.game, opened.number
