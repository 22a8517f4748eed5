"""Rounds of *Beat the model* over generators: photographs against fakes by several.

The pictures are mixed once, so that photographs are as many as fakes and each
generator made as many of these; a game then shuffles them as it does the test set.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats
from cifake_core.basics.estimates import sigmoid
from cifake_core.basics.labels import OBJECT_CLASSES
from cifake_core.evaluation.game import Round, played
from cifake_core.evaluation.scores import Scores

_MIX_SEED: Final = 0


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class GeneratorSet:
    """Photographs and fakes to play with, and what each network says of them.

    `scores` has each network's on all N pictures, by its name; `images` is
    (N, 32, 32, 3) uint8; `makers` names who made each, "" for a photograph.
    """

    scores: Mapping[str, Scores]
    images: npt.NDArray[np.uint8]
    makers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FooledRow:
    """How many of `n` pictures by one maker each player called wrongly.

    Of fakes those called REAL; of photographs, whose maker is "", those called FAKE.
    """

    maker: str
    n: int
    fooled: Mapping[str, int]


def mix(
    scores: Mapping[str, Scores],
    images: npt.NDArray[np.uint8],
    fakes: Mapping[str, npt.NDArray[np.uint8]],
    logits: Mapping[str, Mapping[str, Floats]],
    *,
    maker: str,
) -> GeneratorSet:
    """Photographs and fakes of the test set, and the pictures of further generators.

    Args:
        scores: by network, at least one, all on the test set.
        images: its pictures, (N, 32, 32, 3) uint8; may be a memory map.
        fakes: (M, 32, 32, 3) uint8 of each further generator, whose pictures show the
            object classes in turns.
        logits: (M,) of these, by network and generator.
        maker: who made the fakes of the test set.
    """
    first = next(iter(scores.values()))
    n = min(len(each) for each in fakes.values())
    fake, real = (
        np.random.RandomState(_MIX_SEED).permutation(
            np.flatnonzero(first.leak_free & (first.labels == label))
        )[:count]
        for label, count in ((0, n), (1, n * (len(fakes) + 1)))
    )
    chosen = np.sort(np.concatenate([fake, real]))
    further = {name: each[:n] for name, each in fakes.items()}
    return GeneratorSet(
        scores={
            name: _joined(each, chosen, {m: logits[name][m][:n] for m in further})
            for name, each in scores.items()
        },
        images=np.concatenate([images[chosen], *further.values()]),
        makers=(
            *("" if first.labels[each] else maker for each in chosen),
            *(name for name in further for _ in range(n)),
        ),
    )


def fooled(
    rounds: Sequence[Round], pictures: GeneratorSet, *, player: str
) -> tuple[FooledRow, ...]:
    """Who was fooled by which generator, on what was played; photographs come last.

    Args:
        rounds: whose pictures count, as far as they were played.
        pictures: what was played with.
        player: under which name the player comes first.
    """
    first = next(iter(pictures.scores.values()))
    positions = played(rounds, first)
    said = {player: np.array([p for each in rounds for p in each.guesses])} | {
        name: sigmoid(each.logits[positions]) for name, each in pictures.scores.items()
    }
    wrong = {
        name: (p_real >= 0.5) != (first.labels[positions] == 1)
        for name, p_real in said.items()
    }
    makers = np.array([pictures.makers[each] for each in positions])
    order = sorted(dict.fromkeys(pictures.makers), key=lambda maker: maker == "")
    return tuple(
        FooledRow(
            maker=maker,
            n=int(np.count_nonzero(makers == maker)),
            fooled={
                name: int(np.count_nonzero(each & (makers == maker)))
                for name, each in wrong.items()
            },
        )
        for maker in order
        if (makers == maker).any()
    )


def _joined(
    scores: Scores, chosen: npt.NDArray[np.int64], further: Mapping[str, Floats]
) -> Scores:
    """Scores on chosen test pictures, then on those of further generators."""
    logits = np.concatenate([scores.logits[chosen], *further.values()])
    num_fakes = len(logits) - len(chosen)
    names = [f"{name}/{n}" for name, each in further.items() for n in range(len(each))]
    kinds = [
        n % len(OBJECT_CLASSES) for each in further.values() for n in range(len(each))
    ]
    nothing = np.zeros(len(logits), np.bool_)
    return replace(
        scores,
        members=np.array([*scores.members[chosen].tolist(), *names]),
        labels=np.append(scores.labels[chosen], np.zeros(num_fakes, np.int8)),
        object_classes=np.append(
            scores.object_classes[chosen], np.array(kinds, np.int8)
        ),
        logits=logits,
        seen_classes=np.full(len(logits), -1, np.int8),
        in_training=nothing,
        repeats=nothing,
    )
