"""What a command or a page asks of this room, in one call each.

The network library, which takes seconds, is imported by what needs it alone.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats
from cifake_core.basics.errors import NotMadeError, SettingError, TrainingError
from cifake_core.basics.files import replace_folder, scratch_folder
from cifake_core.basics.progress import ProgressCallback, tell_nobody
from cifake_core.generators import files, photographs, weights
from cifake_core.generators.card import Distance, GeneratorCard
from cifake_core.generators.catalogue import GENERATORS, Generator, generator, trained
from cifake_core.generators.distance import frechet

if TYPE_CHECKING:
    from cifake_core.generators.sampling import Samples
    from cifake_core.generators.training import Report

#: The folder of generators, in that of the networks.
FOLDER: Final = "generators"


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """A generator, and the card of the weights that it uses if they are trained."""

    name: str
    generator: Generator
    card: GeneratorCard | None


@dataclass(frozen=True, kw_only=True, slots=True)
class FeatureNetwork:
    """The network by whose features distances are measured.

    `features` goes from pictures, (N, 32, 32, 3) uint8, to (N, K) float32.
    """

    name: str
    model_sha256: str
    features: Callable[[npt.NDArray[np.uint8]], Floats]


@dataclass(frozen=True, kw_only=True, slots=True)
class DistanceConfig:
    """How a distance is measured: how many pictures of which seed, against what.

    Photographs of `reference_seed` are what generators learnt from, those of
    `other_seed` of the validation part, as is `seed`.
    """

    n: int = 1000
    num_photographs: int = 5000
    seed: int = 1000
    reference_seed: int = 0
    other_seed: int = 1999


def listing(models: Path) -> tuple[Listed, ...]:
    """Each generator with its card, in the order of the catalogue.

    Raises:
        ModelUnavailableError: If a card is damaged.
    """
    return tuple(
        Listed(
            name=name,
            generator=each,
            card=_card_if_made(models / (name if each.settings else str(each.needs))),
        )
        for name, each in GENERATORS.items()
    )


def train(  # noqa: PLR0913 - a command's options, all by keyword
    name: str,
    *,
    data: Path,
    models: Path,
    run: Path | None = None,
    minutes: float | None = 60.0,
    resume: bool = False,
    report: "Report | None" = None,
) -> Path:
    """Train a generator on REAL of the training split; return its run folder.

    Raises:
        CifakeError: As `training.train` and `cifake.load` do.
    """
    generator(name)
    from cifake_core.generators import training  # noqa: PLC0415 - see above

    return training.train(
        name,
        photographs.to_learn_from(data),
        run=run or training.default_run(name),
        models=models,
        minutes=minutes,
        resume=resume,
        report=report,
    )


def promote(run: Path, models: Path) -> Path:
    """Put a finished generator in the place of the shipped one; return its folder.

    Raises:
        TrainingError: If `run` holds no finished generator.
    """
    card = _card_if_made(run)
    if card is None:
        msg = f"{run} holds no finished generator. Let the run end, then promote it."
        raise TrainingError(msg)
    place = models / card.name
    models.mkdir(parents=True, exist_ok=True)
    with scratch_folder(place) as scratch:
        for file in (weights.WEIGHTS_FILE, weights.CARD_FILE):
            shutil.copyfile(run / file, scratch / file)
        replace_folder(scratch, place)
    return place


def draw(  # noqa: PLR0913 - a command's options, all by keyword
    name: str,
    *,
    n: int,
    seed: int,
    models: Path,
    data: Path | None = None,
    strength: float = 0.3,
    progress: ProgressCallback = tell_nobody,
) -> "Samples":
    """Pictures of a generator; photographs for it, if it needs any, by the seed.

    Raises:
        CifakeError: As `sampling.Sampler` and `photographs.to_pass_through` do.
    """
    known = generator(name)
    from cifake_core.generators import sampling  # noqa: PLC0415 - see above

    given = None
    if known.kind == "photograph" and data is not None and n > 0:
        given = photographs.to_pass_through(data, n=n, seed=seed)
    sampling.check_request(name, n=n, seed=seed, photographs=given)
    sampler = sampling.Sampler(name, models, strength=strength)
    return sampler.sample(n=n, seed=seed, photographs=given, progress=progress)


def measure(  # noqa: PLR0913 - a command's options, all by keyword
    name: str,
    *,
    data: Path,
    models: Path,
    network: FeatureNetwork,
    config: DistanceConfig = DistanceConfig(),
    progress: ProgressCallback = tell_nobody,
) -> Distance:
    """Write the distance to the photographs into a generator's card; return it.

    Args:
        name: a generator that has a card.
        data: the data set that it learnt from.
        models: the folder of generators.
        network: by whose features to measure.
        config: how many pictures of which seeds.
        progress: told the share of its pictures that is drawn.

    Raises:
        SettingError: If it has no card of its own, or learnt from other photographs.
        CifakeError: As `draw` does.
    """
    card = _card_to_measure(name, data, models)
    drawn = draw(
        name,
        n=config.n,
        seed=config.seed,
        models=models,
        data=data,
        progress=progress,
    )
    distance = _distance(drawn.images, data, network, config)
    weights.write_card(replace(card, distance=distance), models / name)
    return distance


def _distance(
    images: npt.NDArray[np.uint8],
    data: Path,
    network: FeatureNetwork,
    config: DistanceConfig,
) -> Distance:
    """Distance to photographs, of pictures saved as CIFAKE's and of photographs."""
    known, others = (
        photographs.to_pass_through(data, n=n, seed=seed)
        for n, seed in (
            (config.num_photographs, config.reference_seed),
            (config.n, config.other_seed),
        )
    )
    reference = network.features(known)
    return Distance(
        network=network.name,
        model_sha256=network.model_sha256,
        n=config.n,
        num_photographs=config.num_photographs,
        frechet=_rounded(network.features(files.as_saved(images)), reference),
        frechet_of_photographs=_rounded(network.features(others), reference),
    )


def _card_if_made(folder: Path) -> GeneratorCard | None:
    """Card of the generator in `folder`, or None if there is none."""
    try:
        return weights.read_card(folder)
    except NotMadeError:
        return None


def _card_to_measure(name: str, data: Path, models: Path) -> GeneratorCard:
    """Card of a generator that learnt from these photographs."""
    if generator(name).settings is None:
        msg = (
            f"{name!r} has no weights, and so no card, of its own. Choose one of: "
            f"{', '.join(trained())}."
        )
        raise SettingError(msg)
    card = weights.read_card(models / name)
    if photographs.to_learn_from(data).digest != card.training.digest:
        msg = (
            f"{name!r} learnt from other photographs than those in {data}, so a "
            "distance to these does not belong on its card. Name the data set that it "
            "was trained on."
        )
        raise SettingError(msg)
    return card


def _rounded(features: Floats, reference: Floats) -> float:
    """Frechet distance as cards have it."""
    return round(frechet(features, reference), 3)
