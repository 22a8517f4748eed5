"""Trust study: every method tried on many pictures, in parts of a few seconds each.

A part is kept when it is finished, so that a killed study goes on with the rest.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from typing import Final

import numpy as np

import cifake_core
from cifake_core.basics.labels import LABELS, Label
from cifake_core.basics.places import cache_folder
from cifake_core.basics.progress import ProgressCallback
from cifake_core.data.cifake import digest
from cifake_core.explain.registry import EXPLAINERS
from cifake_core.networks.protocols import Scorer
from cifake_core.pictures.preprocessing import prepare
from cifake_core.pictures.records import PreparedPicture
from cifake_core.trust.journal import Journal, Row
from cifake_core.trust.splicing import plan_splices
from cifake_core.trust.trials import (
    Maps,
    StudyConfig,
    Subjects,
    choose_pictures,
    curve_rows,
    heatmaps,
    sanity_rows,
    splice_rows,
)

#: Forward passes that cost as much as one network's maps of a picture beside those
#: of LIME and SHAP, and as making ready one that forgot. For the time left alone.
_PASSES_OF_MAPS: Final = 300
_PASSES_TO_COMPILE: Final = 3000
#: Points of the four curves of a map.
_PASSES_OF_CURVES: Final = 100


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class StudyRows:
    """Results of the trials: rows as in `trials`, and the seconds it took in all."""

    pictures: list[Row]
    curves: list[Row]
    splices: list[Row]
    sanity: list[Row]
    seconds: float


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Part:
    """A part of a trial; `cost` is in forward passes, roughly."""

    trial: str
    number: int
    cost: float
    make: Callable[[], list[Row]]

    @property
    def name(self) -> str:
        """Name of the part in the notebook."""
        return f"{self.trial}-{self.number:03}"


def study(
    subjects: Subjects,
    config: StudyConfig,
    *,
    notebook: Journal,
    progress: ProgressCallback,
) -> StudyRows:
    """Return the results of the trials of every method.

    Args:
        subjects: networks and pictures.
        config: how much is tried.
        notebook: of this very study; what is finished there is not done again.
        progress: told the share done, 0 to 1, of what was left to do; may raise to
            stop.

    Raises:
        DatasetError: If the pictures do not suffice.
        CifakeError: If a finished part cannot be kept.
    """
    pictures = notebook.rows("pictures", partial(choose_pictures, subjects, config))
    parts = list(_parts(subjects, config, pictures))
    costs = [0.0 if part.name in notebook else part.cost for part in parts]
    found: dict[str, list[Row]] = {"curves": [], "splices": [], "sanity": []}
    for number, part in enumerate(parts):
        progress(sum(costs[:number]) / max(sum(costs), 1))
        found[part.trial] += notebook.rows(part.name, part.make)
    progress(1.0)
    names = ["pictures", *(part.name for part in parts)]
    seconds = sum(map(notebook.seconds, names))
    return StudyRows(pictures=pictures, seconds=seconds, **found)


def notebook_of(subjects: Subjects, config: StudyConfig) -> Journal:
    """Return the notebook of this very study, in the user's cache."""
    facts = [
        cifake_core.__version__,
        asdict(config),
        [[name, each.sha256, each.weights] for name, each in subjects.networks.items()],
        list(EXPLAINERS),
        digest(subjects.train, subjects.test),
    ]
    name = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:12]
    return Journal(cache_folder() / "trust" / name)


def _parts(
    subjects: Subjects, config: StudyConfig, pictures: Sequence[Row]
) -> Iterator[_Part]:
    """Every part of the study, trial by trial."""
    maps = _cost_of_maps(subjects, config)
    num_asked = sum(len(network.parts) for network in subjects.networks.values())
    num_maps = num_asked * len(EXPLAINERS) * (1 + config.num_random_maps)
    for number, row in enumerate(pictures):
        yield _Part(
            trial="curves",
            number=number,
            cost=maps + num_maps * _PASSES_OF_CURVES,
            make=partial(_curves, subjects, config, row, number),
        )
    yield from _splice_parts(subjects, config)
    yield from _sanity_parts(subjects, config, pictures[: config.num_sanity_pictures])


def _cost_of_maps(subjects: Subjects, config: StudyConfig) -> float:
    """Passes through a network that the maps of one picture take."""
    return len(subjects.cascades) * (_PASSES_OF_MAPS + 2 * config.num_samples)


def _splice_parts(subjects: Subjects, config: StudyConfig) -> Iterator[_Part]:
    """Parts on spliced pictures, one for each."""
    plans = plan_splices(
        subjects.test, subjects.train, seed=config.seed, count=config.num_splices
    )
    for number, plan in enumerate(plans):
        yield _Part(
            trial="splices",
            number=number,
            cost=_cost_of_maps(subjects, config),
            make=partial(
                splice_rows,
                subjects.networks,
                subjects.test,
                plan,
                seed=config.seed + number,
                config=config,
            ),
        )


def _sanity_parts(
    subjects: Subjects, config: StudyConfig, asked: Sequence[Row]
) -> Iterator[_Part]:
    """Parts of the sanity check, one for each step of forgetting."""
    maps, num_parts = _cost_of_maps(subjects, config), len(subjects.cascades)
    before = cache(partial(_maps, subjects, subjects.networks, asked, config))
    num_steps = max(len(subjects.forgotten(name)) for name in subjects.networks)
    for step in range(1, num_steps + 1):
        yield _Part(
            trial="sanity",
            number=step,
            cost=len(asked) * maps + num_parts * _PASSES_TO_COMPILE,
            make=partial(_sanity, subjects, config, asked, step, before),
        )


def _curves(
    subjects: Subjects, config: StudyConfig, row: Row, number: int
) -> list[Row]:
    """Return the rows on the curves of one picture."""
    picture, label = _picture(subjects, row)
    return curve_rows(
        subjects.networks,
        picture,
        label=label,
        seed=config.seed + number,
        config=config,
    )


def _sanity(
    subjects: Subjects,
    config: StudyConfig,
    asked: Sequence[Row],
    step: int,
    before: Callable[[], list[Maps]],
) -> list[Row]:
    """Return the rows on one step of forgetting."""
    after = _maps(subjects, subjects.after(step), asked, config)
    pairs = zip(before(), after, strict=True)
    return [row for pair in pairs for row in sanity_rows(*pair, step=step)]


def _maps(
    subjects: Subjects,
    networks: Mapping[str, Scorer],
    asked: Sequence[Row],
    config: StudyConfig,
) -> list[Maps]:
    """Return the maps of the pictures `asked` about, for the labels they had."""
    found = []
    for number, row in enumerate(asked):
        picture, label = _picture(subjects, row)
        seed = config.seed + number
        found.append(heatmaps(networks, picture, label=label, seed=seed, config=config))
    return found


def _picture(subjects: Subjects, row: Row) -> tuple[PreparedPicture, Label]:
    """Return a chosen picture, prepared, and the networks' label for it."""
    label = LABELS[LABELS.index(row["label"])]
    return prepare(np.asarray(subjects.test.images[row["position"]])), label
