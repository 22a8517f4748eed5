"""Cards of trained generators: what vouches for their weights, and what they learnt."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from cifake_core.generators.catalogue import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainingFacts:
    """Photographs that a generator learnt from; `digest` names their files."""

    data_set: str
    pictures: str
    num_pictures: int
    digest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Distance:
    """Frechet distance of `n` generated pictures to `num_photographs` photographs.

    `network` is whose features measured it, `model_sha256` the hash of its weights;
    `frechet_of_photographs` is the distance of `n` other photographs, which is what
    chance alone gives.
    """

    network: str
    model_sha256: str
    n: int
    num_photographs: int
    frechet: float
    frechet_of_photographs: float


@dataclass(frozen=True, kw_only=True, slots=True)
class GeneratorCard:
    """Card of a generator with weights of its own.

    `weights_sha256` is that of the weights' file. `losses` are those of the last step
    looked at, `seconds` what the training took, `minutes` what it was given: None
    for as long as the recipe's steps take. `needs` has the hash of the weights with
    which it was trained and without which it cannot draw, by generator. `distance` is
    None until it is measured.
    """

    SCHEMA: ClassVar[int] = 1

    name: str
    parameters: int
    settings: Settings
    steps: int
    pictures_seen: int
    seconds: float
    losses: Mapping[str, float]
    backend: str
    hardware: str
    versions: Mapping[str, str]
    training: TrainingFacts
    weights_sha256: str
    needs: Mapping[str, str]
    minutes: float | None = None
    distance: Distance | None = None
