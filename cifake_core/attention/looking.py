"""What one network sees in each of many pictures, in the units of its logit for FAKE.

All of it is linear in the network's logit, so that an ensemble's is the weighted sum
of its members'. What was seen is kept in the user's cache, some pictures to a file:
a killed command goes on, and an ensemble asks its members for nothing twice.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt

import cifake_core
from cifake_core.basics.arrays import Floats
from cifake_core.basics.artefacts import Artefact
from cifake_core.basics.errors import CifakeError, ModelUnavailableError
from cifake_core.basics.labels import Label, sign_of
from cifake_core.basics.places import cache_folder
from cifake_core.basics.progress import ProgressCallback
from cifake_core.explain.channel_values import channel_values
from cifake_core.explain.methods.cam import cam_steps
from cifake_core.explain.methods.superpixels import MAX_PIECES, fade, segment
from cifake_core.networks.protocols import Probe
from cifake_core.pictures.filters import FILTERS
from cifake_core.pictures.preprocessing import prepare
from cifake_core.pictures.records import PreparedPicture

#: What all evidence is for; for REAL it is the same with the other sign.
LABEL: Final[Label] = "FAKE"
#: Pictures to a file in the cache.
CHUNK: Final = 50

Means = npt.NDArray[np.floating]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Seen:
    """What a network sees in N pictures, float32; positive speaks for FAKE.

    `evidence` is (N, h, w), Grad-CAM's before anything is cut off: each place's share
    of the logit. `pushes` is (N, 40): by how much the logit falls if a superpixel
    alone is painted in its mean colour, 0 beyond the last piece. `channels` is (N, 6),
    the Shapley values of the filtered channels, and all 0 for a network on colours.
    """

    evidence: Floats
    pushes: Floats
    channels: Floats


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Header:
    """Beside the arrays of some pictures stands their schema alone."""

    SCHEMA: ClassVar[int] = 1


def look(
    network: Probe,
    images: npt.NDArray[np.uint8],
    *,
    means: Means | None,
    progress: ProgressCallback,
) -> Seen:
    """Return what a network sees in N >= 1 pictures.

    Args:
        network: one network, no ensemble.
        images: (N, 32, 32, 3) uint8, RGB.
        means: (6,) of the planes in training, for a network on them, else None.
        progress: told the share done, 0 to 1; may raise to stop.

    Raises:
        CifakeError: If what was seen cannot be kept.
    """
    folder = _folder(network, images, means)
    parts = []
    for start in range(0, len(images), CHUNK):
        progress(start / len(images))
        chunk = images[start : start + CHUNK]
        parts.append(_kept(folder / f"{start:05}.npz", _maker(network, chunk, means)))
    progress(1.0)
    return Seen(
        **{
            each.name: np.concatenate([getattr(part, each.name) for part in parts])
            for each in fields(Seen)
        }
    )


def combined(parts: Sequence[Seen], weights: Sequence[float]) -> Seen:
    """Return what a network sees whose logit is the weighted sum of its parts'."""

    def total(name: str) -> Floats:
        votes = np.stack([getattr(part, name) for part in parts])
        return np.tensordot(np.array(weights, np.float32), votes, 1)

    return Seen(**{each.name: total(each.name) for each in fields(Seen)})


def pushes_of(network: Probe, picture: PreparedPicture) -> Floats:
    """Return by how much the logit for FAKE falls without each piece, (P,) float32.

    A piece is taken away as with LIME and SHAP: it is painted in its mean colour. A
    piece of one colour pushes nowhere: what is measured is its texture.
    """
    pieces = segment(picture.pixels)
    others = pieces != np.arange(pieces.max() + 1)[:, np.newaxis, np.newaxis]
    faded = fade(picture.pixels, pieces)
    without = np.where(others[..., np.newaxis], picture.pixels, faded)
    logits = network.logits(np.concatenate([picture.pixels[np.newaxis], without]))
    return sign_of(LABEL) * (logits[0] - logits[1:])


def _maker(
    network: Probe, images: npt.NDArray[np.uint8], means: Means | None
) -> Callable[[], Seen]:
    """Function that looks at some pictures."""

    def make() -> Seen:
        rows = [_look_at(network, prepare(np.array(image)), means) for image in images]
        evidence, pushes, channels = (
            np.stack(column).astype(np.float32) for column in zip(*rows, strict=True)
        )
        return Seen(evidence=evidence, pushes=pushes, channels=channels)

    return make


def _look_at(
    network: Probe, picture: PreparedPicture, means: Means | None
) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
    """Evidence, pushes and channels of one picture."""
    pushes = np.zeros(MAX_PIECES, np.float32)
    found = pushes_of(network, picture)
    pushes[: len(found)] = found
    channels = np.zeros(len(FILTERS))
    if means is not None:
        channels = channel_values(network, picture, label=LABEL, means=means).values
    return cam_steps(network, picture, label=LABEL).evidence, pushes, channels


def _kept(path: Path, make: Callable[[], Seen]) -> Seen:
    """What lies in the cache, made and put there if it is missing or damaged."""
    artefact = Artefact(path, what="part of a study", remedy="It is made again.")
    try:
        return Seen(**artefact.read_arrays(_Header)[1])
    except (ModelUnavailableError, TypeError):
        seen = make()
    arrays = {each.name: getattr(seen, each.name) for each in fields(Seen)}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        artefact.write_arrays(_Header(), arrays)
    except OSError as error:
        msg = (
            f"What was seen cannot be kept in {path.parent}: {error}. Make room there "
            "and run the command again."
        )
        raise CifakeError(msg) from error
    return seen


def _folder(network: Probe, images: npt.NDArray[np.uint8], means: Means | None) -> Path:
    """Folder in the user's cache for this network and these pictures."""
    facts = [
        cifake_core.__version__,
        network.sha256,
        None if means is None else means.tolist(),
        hashlib.sha256(images.tobytes()).hexdigest(),
    ]
    key = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:12]
    return cache_folder() / "attention" / f"{network.name}-{key}"
