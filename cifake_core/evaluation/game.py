"""Beat the model: rounds of test pictures, guesses, and their score (Brier).

Player and networks are judged alike: each gives a probability of REAL for each
picture. Nothing here needs a network, since what they say of the test set is stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from cifake_core.basics.estimates import Estimate, proportion, share_of, sigmoid
from cifake_core.basics.labels import LABELS, OBJECT_CLASSES, Label
from cifake_core.evaluation.records import ReliabilityBin
from cifake_core.evaluation.scores import Scores

PICTURES: Final = 10
#: How sure a player can be of a guess.
CONFIDENCES: Final = (0.6, 0.8, 0.95)
#: Of confidence; a player's three fall into the three bins.
_EDGES: Final = (0.5, 0.7, 0.9, 1.0)
Shares: TypeAlias = npt.NDArray[np.float64]
#: Whose fakes are played with: those of the test set, or of several generators.
Fakes: TypeAlias = Literal["cifake", "generators"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Round:
    """One round as far as it was played: round `number`, from 1, of game `game`.

    `fakes` says which pictures the game shuffles.
    `guesses` holds the player's probability of REAL, 0 to 1, for the first
    pictures of the round, at most `PICTURES`.
    """

    game: int
    number: int
    guesses: tuple[float, ...] = ()
    fakes: Fakes = "cifake"

    @property
    def is_over(self) -> bool:
        """Whether there was a guess at every picture."""
        return len(self.guesses) == PICTURES


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Tally:
    """How a player or a network did on `n` pictures, of which `right` rightly called.

    `points` is the sum over the pictures; `bins` sets the confidence against the
    share that was right, for those of three ranges of confidence that occur.
    """

    n: int
    right: int
    accuracy: Estimate
    points: float
    bins: tuple[ReliabilityBin, ...]


def guess(label: Label, confidence: float) -> float:
    """Return the probability of REAL of who is `confidence`, 0.5 to 1, of `label`."""
    return confidence if label == "REAL" else round(1 - confidence, 6)


def num_rounds(scores: Scores) -> int:
    """Return the number of rounds before pictures would come again."""
    return int(scores.leak_free.sum()) // PICTURES


def draw(scores: Scores, *, game: int, number: int) -> npt.NDArray[np.int64]:
    """Return the positions of the pictures of one round, (`PICTURES`,).

    A game is one shuffle of the leak-free test set, cut into rounds: every picture
    is as likely as every other at each place, so a round may hold any number of
    FAKE ones, and none comes twice in a game. The same game is the same everywhere.

    Args:
        scores: of any network on the test set.
        game: seed of the shuffle, 0 to `MAX_SEED`.
        number: of the round, from 1 to `num_rounds`.

    Raises:
        ValueError: If there is no such round.
    """
    if not 1 <= number <= num_rounds(scores):
        msg = f"Expected a round from 1 to {num_rounds(scores)}. Received {number}."
        raise ValueError(msg)
    shuffled = np.random.RandomState(game).permutation(np.flatnonzero(scores.leak_free))
    return np.asarray(shuffled[(number - 1) * PICTURES : number * PICTURES], np.int64)


def points(labels: npt.NDArray[np.integer], p_real: Shares) -> Shares:
    """Return the points for each picture, -300 to 100.

    With probability p for the truth they are 100 (1 - 4 (1 - p)^2): 0 for who leaves
    it open. Nobody does better, in the long run, than to say how sure they are.

    Args:
        labels: (N,) integers, FAKE = 0 and REAL = 1.
        p_real: (N,) float64, 0 to 1.

    Source: Brier 1950, doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2, scaled.
    """
    p_truth = np.where(labels == 1, p_real, 1 - p_real)
    return np.asarray(100 * (1 - 4 * (1 - p_truth) ** 2), np.float64)


def tally(labels: npt.NDArray[np.integer], p_real: Shares) -> Tally:
    """Return the tally of somebody who gave these pictures these probabilities.

    Args:
        labels: (N,) integers, FAKE = 0 and REAL = 1.
        p_real: (N,) float64, 0 to 1; from 0.5 on a picture is called REAL.
    """
    right = (p_real >= 0.5) == (labels == 1)
    return Tally(
        n=labels.size,
        right=int(right.sum()),
        accuracy=proportion(int(right.sum()), labels.size),
        points=float(points(labels, p_real).sum()),
        bins=_bins(np.maximum(p_real, 1 - p_real), right),
    )


def played(rounds: Sequence[Round], scores: Scores) -> npt.NDArray[np.int64]:
    """Return the positions of all pictures at which there was a guess, in order."""
    parts = [
        draw(scores, game=each.game, number=each.number)[: len(each.guesses)]
        for each in rounds
    ]
    return np.concatenate([np.empty(0, np.int64), *parts])


def tallies(
    rounds: Sequence[Round], scores: Mapping[str, Scores], *, player: str
) -> dict[str, Tally]:
    """Return the tallies of the player and of each network on what was played.

    Args:
        rounds: whose pictures count, as far as they were played.
        scores: by network, at least one, all on the same test set.
        player: under which name the player comes first.
    """
    first = next(iter(scores.values()))
    positions = played(rounds, first)
    labels = first.labels[positions]
    guesses = np.array([p for each in rounds for p in each.guesses], np.float64)
    return {player: tally(labels, guesses)} | {
        name: tally(labels, sigmoid(each.logits[positions]))
        for name, each in scores.items()
    }


def game_csv(
    rounds: Sequence[Round],
    scores: Mapping[str, Scores],
    *,
    knows: Mapping[str, str],
    makers: Sequence[str] = (),
) -> str:
    """Return one line for each picture that was played, with a header.

    A line tells the truth, but not the file: the same game can be played again.

    Args:
        rounds: as far as they were played.
        scores: by network, at least one, all on the same test set.
        knows: by network, words for the generators that it knows: REAL means no more
            than no trace of these.
        makers: who made each picture of the set, where there are several.
    """
    first = next(iter(scores.values()))
    positions = played(rounds, first)
    guesses = np.array([p for each in rounds for p in each.guesses], np.float64)
    lengths = [len(each.guesses) for each in rounds]
    names = np.array((*OBJECT_CLASSES, ""))  # -1, for a class unknown, is the last
    labels = first.labels[positions]
    columns: dict[str, object] = {
        "game": np.repeat([each.game for each in rounds], lengths),
        "round": np.repeat([each.number for each in rounds], lengths),
        "picture": [1 + place for length in lengths for place in range(length)],
        "position": positions,
        "object_class": names[first.object_classes[positions]],
        "truth": np.array(LABELS)[labels],
        "guess": np.array(LABELS)[(guesses >= 0.5).astype(int)],
        "confidence": np.maximum(guesses, 1 - guesses).round(6),
        "points": points(labels, guesses).round(2),
    }
    if makers:
        columns["maker"] = [makers[each] for each in positions]
    for name, each in scores.items():
        columns[f"{name}_p_real"] = sigmoid(each.logits[positions]).round(6)
        columns[f"{name}_model_sha256"] = each.model_sha256
        columns[f"{name}_knows"] = knows[name]
    return str(pd.DataFrame(columns).to_csv(index=False, lineterminator="\n"))


def _bins(
    confidence: Shares, right: npt.NDArray[np.bool_]
) -> tuple[ReliabilityBin, ...]:
    """Return the ranges of confidence that occur."""
    numbers = np.searchsorted(_EDGES[1:-1], confidence)
    return tuple(
        ReliabilityBin(
            low=_EDGES[number],
            high=_EDGES[number + 1],
            n=int(np.count_nonzero(numbers == number)),
            confidence=float(confidence[numbers == number].mean()),
            accuracy=share_of(right[numbers == number]),
        )
        for number in map(int, np.unique(numbers))
    )
