"""Bird & Lotfi's search over 36 small networks, on fewer pictures and epochs.

Twelve networks without a dense layer come first: 1, 2 or 3 convolutions of 16, 32,
64 or 128 filters. The best of them then gets 1, 2 or 3 dense layers of 32, 64, ...
4096 units: 24 more.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Final

import numpy as np
import numpy.typing as npt

from cifake_core.basics.artefacts import Artefact
from cifake_core.basics.errors import ModelUnavailableError, TrainingError
from cifake_core.basics.estimates import Estimate, proportion
from cifake_core.data import cifake
from cifake_core.papers.bird_lotfi_trial import (
    SearchConfig,
    Topology,
    Trial,
    run_trial,
)

#: The ranking in the folder of shipped networks.
RANKING_FILE: Final = "b_search.json"

_DEPTHS: Final = (1, 2, 3)
_FILTERS: Final = (16, 32, 64, 128)
_UNITS: Final = (32, 64, 128, 256, 512, 1024, 2048, 4096)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Ranking:
    """The networks of a search, best first, and how they were trained.

    `train_digest` is that of the training split, `num_validation` the number of
    pictures behind each accuracy.
    """

    SCHEMA: ClassVar[int] = 1

    config: SearchConfig
    train_digest: str
    num_validation: int
    trials: tuple[Trial, ...]

    def accuracy(self, trial: Trial) -> Estimate:
        """Validation accuracy of one of the networks, with its interval."""
        right = round(self.num_validation * trial.validation_accuracy)
        return proportion(right, self.num_validation)


def search(
    data: Path,
    *,
    place: Path,
    config: SearchConfig,
    progress: Callable[[str], None] | None = None,
    run: Callable[..., Trial] = run_trial,
) -> Ranking:
    """Train the 36 networks one after the other, and keep their ranking in `place`.

    A search that was interrupted goes on with the network it was at.

    Args:
        data: zip or folder of the data set; nothing under test/ is opened.
        place: the JSON file, written after every network.
        config: the recipe.
        progress: told in words which network is trained.
        run: trains and measures one network.

    Raises:
        DatasetError: If the data set is missing or corrupted.
        TrainingError: If `place` cannot be written.
    """
    split = cifake.load(data, "train")
    training, validation = divide(split, config)
    ranking = Ranking(
        config=config,
        train_digest=cifake.digest(split),
        num_validation=len(validation),
        trials=(),
    )
    ranking = _interrupted(place, ranking)
    num_networks = len(_first_round()) + len(_DEPTHS) * len(_UNITS)
    while (topology := _next(ranking.trials)) is not None:
        if progress is not None:
            done = [trial.seconds for trial in ranking.trials]
            progress(_in_words(topology, done, num_networks))
        trial = run(topology, split, training, validation, config=config)
        trials = sorted((*ranking.trials, trial), key=_merit)
        ranking = replace(ranking, trials=tuple(trials))
        write_ranking(ranking, place)
    return ranking


def divide(
    split: cifake.Split, config: SearchConfig
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the positions for training, half of each label, and for validation.

    The latter are those that the networks themselves are validated on.
    """
    training, validation = cifake.split_training(split, seed=config.split_seed)
    generator = np.random.default_rng(config.seed)
    labels = split.labels[training]
    chosen = [
        generator.permutation(training[labels == label])[: config.num_pictures // 2]
        for label in (0, 1)
    ]
    return np.sort(np.concatenate(chosen)), validation


def write_ranking(ranking: Ranking, place: Path) -> Path:
    """Write a ranking to the file `place`, whole or not at all; return it.

    Raises:
        TrainingError: If it cannot be written.
    """
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        return _artefact(place).write(ranking)
    except OSError as error:
        msg = f"The ranking cannot be written to {place}: {error}. Make room there."
        raise TrainingError(msg) from error


def read_ranking(place: Path) -> Ranking:
    """Ranking in the file `place`.

    Raises:
        ModelUnavailableError: If there is none or it is damaged.
    """
    return _artefact(place).read(Ranking)


def _artefact(place: Path) -> Artefact:
    """The ranking in the file `place`."""
    return Artefact(
        place,
        what="ranking of Bird & Lotfi's networks",
        remedy="Make it with `python -m cifake_core reproduce b-search`.",
    )


def _first_round() -> list[Topology]:
    """Return the networks without a dense layer."""
    return [
        Topology(convolutions=depth, filters=filters)
        for depth in _DEPTHS
        for filters in _FILTERS
    ]


def _next(trials: Sequence[Trial]) -> Topology | None:
    """Return the network that comes after `trials`, or None after the last."""
    done = {trial.topology for trial in trials}
    first = _first_round()
    for topology in first:
        if topology not in done:
            return topology
    best = min((t for t in trials if t.topology in first), key=_merit).topology
    for depth in _DEPTHS:
        for units in _UNITS:
            topology = Topology(
                convolutions=best.convolutions,
                filters=best.filters,
                dense_layers=depth,
                units=units,
            )
            if topology not in done:
                return topology
    return None


def _merit(trial: Trial) -> tuple[float, int]:
    """Return the sort key of the ranking: accuracy, then fewer parameters."""
    return -trial.validation_accuracy, trial.parameters


def _interrupted(place: Path, fresh: Ranking) -> Ranking:
    """Return the search in `place` if it is one like `fresh`, else `fresh`."""
    try:
        held = read_ranking(place)
    except ModelUnavailableError:
        return fresh
    same = (held.config, held.train_digest) == (fresh.config, fresh.train_digest)
    return held if same else fresh


def _in_words(topology: Topology, done: Sequence[float], num_networks: int) -> str:
    """Return the line of progress: the next network, and the time left."""
    words = f"network {len(done) + 1} of {num_networks}: {topology}"
    if not done:
        return words
    minutes = sum(done) / len(done) * (num_networks - len(done)) / 60
    return f"{words}; about {minutes:.0f} min left"
