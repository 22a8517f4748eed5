"""Photographs for the generators: to learn from, and to be passed through.

Generators learn from the training part of REAL alone: the validation part stays
unseen, so that a network chosen on it is not chosen on what generators know.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from cifake_core.basics.errors import SettingError
from cifake_core.basics.labels import LABELS
from cifake_core.data.cifake import Split, load, split_training
from cifake_core.generators.catalogue import SEEDS

#: The division of the training split that the shipped networks were trained with.
_SPLIT_SEED: Final = 0
_REAL: Final = LABELS.index("REAL")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Photographs:
    """What generators learn from: REAL of the training split.

    `images` is (N, 32, 32, 3) uint8 and `classes` (N,) int32, the object classes;
    `digest` names the files they come from.
    """

    images: npt.NDArray[np.uint8]
    classes: npt.NDArray[np.int32]
    digest: str


def to_learn_from(data: Path) -> Photographs:
    """REAL of the training split without its validation part.

    Args:
        data: zip or folder of the data set.
    """
    train = load(data, "train")
    chosen = _part(train, validation=False)
    return Photographs(
        images=train.images[chosen],
        classes=train.object_classes[chosen].astype(np.int32),
        digest=_digest(train, chosen),
    )


def to_pass_through(data: Path, *, n: int, seed: int) -> npt.NDArray[np.uint8]:
    """Photographs for generators that need them, by seed.

    A seed for training gives photographs of the training part, one for validation of
    the validation part, any other one photographs of the test split.

    Args:
        data: zip or folder of the data set.
        n: how many, each another one.
        seed: see `catalogue.SEEDS`.

    Returns:
        (n, 32, 32, 3) uint8.

    Raises:
        SettingError: If there are not so many.
    """
    held = load(data, "train" if seed < SEEDS["test"].start else "test")
    if held.name == "test":
        part = np.flatnonzero(held.labels == _REAL)
    else:
        part = _part(held, validation=seed in SEEDS["validation"])
    if n > len(part):
        msg = f"Expected at most {len(part)} photographs for seed {seed}. Received {n}."
        raise SettingError(msg)
    chosen = np.random.default_rng(seed).permutation(part)[:n]
    return held.images[chosen]


def _part(train: Split, *, validation: bool) -> npt.NDArray[np.int64]:
    """Positions of REAL in one part of the training split."""
    parts = split_training(train, seed=_SPLIT_SEED)
    part = parts[1 if validation else 0]
    return part[train.labels[part] == _REAL]


def _digest(train: Split, chosen: npt.NDArray[np.int64]) -> str:
    """Name of some files of the training split, by their bytes."""
    lines = (f"{train.hashes[i]}\n" for i in chosen)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
