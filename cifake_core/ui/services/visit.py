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
from cifake_core.data.datasets.records import DataSetPictures
from cifake_core.data.labelled_pictures import PictureFiles
from cifake_core.evaluation.game import Fakes, Round
from cifake_core.pictures.reading import read_picture
from cifake_core.pictures.records import Picture
from cifake_core.ui.services import samples
from cifake_core.workbench.examples import EXAMPLES
from cifake_core.workbench.history import Kept

#: Of the picture in question: to be guessed, to be compared; or the round is over.
Stage: TypeAlias = Literal["question", "answer", "result"]

#: In an address of a picture of a data set: what it begins with, what parts it, and
#: as much of the file's hash as tells it from others.
_SET, _BETWEEN, _SHORT = "set", ":", 16
_PICTURES = "analyze_pictures"
_POSITION = "analyze_position"
_REFUSALS = "analyze_refusals"
_KEPT = "analyze_kept"
_ROUNDS = "beat_the_model_rounds"
_READ = "beat_the_model_read"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Chosen:
    """One picture that is being analysed; `truth` is known where `origin` tells it.

    `address` is what names the picture in an address, for everybody: the number of a
    test picture, the file of a sample, generator and number, or data set and hash.
    Others have none. `source` is the bytes of the file it came as; pictures of sets
    came as pixels. One that `is_part` was cut out of another.
    """

    name: str
    picture: Picture
    source: bytes | None = None
    truth: Label | None = None
    address: str | None = None
    origin: str = ""
    is_part: bool = False

    @property
    def brought(self) -> bytes | None:
        """The bytes of a file that a person brought, which has no address here."""
        return self.source if self.address is None else None


def pictures() -> list[Chosen]:
    """Pictures of this session, in the order they were given."""
    return list(st.session_state.get(_PICTURES, []))


def analyzed() -> list[Chosen]:
    """Pictures of this session, or before there is any the first example."""
    return pictures() or [sample(EXAMPLES[0])]


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
    st.session_state[_KEPT] = {}


def open_part(whole: Chosen, parts: Sequence[Chosen], number: int) -> None:
    """Analyse parts of a picture after all that are chosen, one of them open.

    Parts of before go. What the history made of the others stays.

    Args:
        whole: the picture, which is the only one if none was chosen yet.
        parts: cut out of it.
        number: of the part to open; the first is 0.
    """
    others = [each for each in pictures() if not each.is_part] or [whole]
    made = {place: each for place, each in kept().items() if place < len(others)}
    choose([*others, *parts])
    kept().update(made)
    open_at(len(others) + number)


def open_at(number: int) -> None:
    """Open another of the chosen pictures; the first is 0."""
    st.session_state[_POSITION] = number


def kept() -> dict[int, Kept]:
    """What the history made of the chosen pictures, by position; to be added to."""
    found: dict[int, Kept] = st.session_state.setdefault(_KEPT, {})
    return found


def sample(file: str) -> Chosen:
    """One of the pictures that come with the app."""
    (title,) = (each["title"] for each in samples.entries() if each["file"] == file)
    return Chosen(
        name=title,
        picture=samples.picture(file),
        source=samples.source(file),
        address=file,
    )


def labelled_picture(pictures: PictureFiles, position: int) -> Chosen:
    """Picture of the test split, or of a data set of one's own, by its number."""
    number = pictures.object_classes[position]  # -1 where it is not told
    kind = f" ({OBJECT_CLASSES[number]})" if number >= 0 else ""
    name, address = f"Test picture {position}", str(position)
    origin = "From the CIFAKE test set"
    if isinstance(pictures, DataSetPictures):
        name = f"Picture {position} of {pictures.name}"
        address = set_address(pictures.name, pictures.hashes[position])
        origin = f"From your data set {pictures.name}"
    return Chosen(
        name=f"{name}{kind}",
        picture=Picture(pixels=np.array(pictures.images[position]), format="JPEG"),
        truth=LABELS[pictures.labels[position]],
        address=address,
        origin=origin,
    )


def set_address(name: str, sha256: str) -> str:
    """What names a picture of a data set in an address, by its file's hash."""
    return _BETWEEN.join((_SET, name, sha256[:_SHORT]))


def set_parts(address: str) -> tuple[str, str] | None:
    """Data set, and beginning of a hash, that an address names; None if it names none.

    A hash is that of the picture's file.
    """
    kind, _, rest = address.partition(_BETWEEN)
    name, between, sha256 = rest.partition(_BETWEEN)
    return (name, sha256) if kind == _SET and between and sha256 else None


def choose_files(
    files: Sequence[tuple[str, bytes]], *, refused: Sequence[str] = ()
) -> None:
    """Analyse these files, name and bytes; keep a sentence for each bad one.

    `refused` are sentences on files that did not come this far.
    """
    chosen, sentences = [], list(refused)
    for name, data in files:
        try:
            picture = read_picture(data)
            chosen.append(Chosen(name=name, picture=picture, source=data))
        except CifakeError as error:
            sentences.append(f"{name}: {error}")
    if chosen or not pictures():
        choose(chosen, refused=sentences)
    else:  # nothing usable came: what is open stays open
        st.session_state[_REFUSALS] = sentences


def played() -> dict[tuple[Fakes, int, int], Round]:
    """Rounds that were begun, by their fakes, game and number, in that order."""
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


def _key(opened: Round) -> tuple[Fakes, int, int]:
    """Key of a round."""
    return opened.fakes, opened.game, opened.number
