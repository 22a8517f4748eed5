"""Shapley values of the six channels: the exact share of each in a network's score.

Six channels have only 64 subsets, so nothing is sampled: the network scores all
of them in one batch.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
from scipy.special import comb

from cifake_core.basics.arrays import SIDE, Floats
from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.labels import Label, sign_of
from cifake_core.basics.registry import lookup
from cifake_core.explain.records import ChannelValues
from cifake_core.networks import store
from cifake_core.networks.inputs import picture_input
from cifake_core.networks.protocols import Scorer
from cifake_core.pictures.filters import FILTERS
from cifake_core.pictures.records import PreparedPicture

#: Means of the planes, (6,), and a seed, to (6, 32, 32) float32, 0 to 255.
MakePlanes: TypeAlias = Callable[[npt.NDArray[np.floating], int], Floats]

#: Pixels over which noise is smoothed, so that no edge finder would answer to it.
_NOISE_SIGMA: Final = 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelReplacement:
    """Replacement of a channel that is left out, made from its mean in training."""

    title: str
    shows: str
    planes: MakePlanes


def _flat(means: npt.NDArray[np.floating], _seed: int) -> Floats:
    """Return planes of one value each: the means."""
    size = (len(FILTERS), SIDE, SIDE)
    return np.broadcast_to(means[:, None, None], size).astype(np.float32)


def _cloudy(means: npt.NDArray[np.floating], seed: int) -> Floats:
    """Return planes of smooth noise about each mean, as a flat one is a cue, too."""
    generator = np.random.default_rng(seed)
    noise = generator.uniform(0, 2, (len(FILTERS), SIDE, SIDE)).astype(np.float32)
    smooth = np.stack([cv2.GaussianBlur(each, (0, 0), _NOISE_SIGMA) for each in noise])
    return np.clip(means[:, None, None] * smooth, 0, 255).astype(np.float32)


#: In menu order.
CHANNEL_REPLACEMENTS: Final[Mapping[str, ChannelReplacement]] = {
    "training_mean": ChannelReplacement(
        title="Training mean",
        shows="A channel that is left out is one even grey: its mean in training.",
        planes=_flat,
    ),
    "blurred_noise": ChannelReplacement(
        title="Blurred noise",
        shows="A channel that is left out is soft noise about its mean in training.",
        planes=_cloudy,
    ),
}


def channel_values(  # noqa: PLR0913 - who, what, for which label, against what: by keyword
    network: Scorer,
    picture: PreparedPicture,
    *,
    label: Label,
    means: npt.NDArray[np.floating],
    replacement: str = "training_mean",
    seed: int = 0,
) -> ChannelValues:
    """Return the Shapley value of each channel of a picture for the score of `label`.

    With the score f of a subset of the n = 6 channels, the others replaced, the value
    of channel i is

        phi_i = sum over S without i of |S|! (n - 1 - |S|)! / n! * (f(S + i) - f(S))

    and the six add up to the score of the picture less that of all channels replaced.

    Args:
        network: one network on the six planes.
        picture: the picture that is explained.
        label: the score is the logit of REAL, or its negative for FAKE.
        means: (6,) floats, 0 to 255, of the planes in training; see `stored_means`.
        replacement: a name of `CHANNEL_REPLACEMENTS`, for those that are left out.
        seed: draws the noise, if there is any.

    Raises:
        ValueError: If `network` is not one network on the six planes.
        UnknownNameError: If there is no such replacement.

    Source: Shapley 1953; Lundberg & Lee 2017, arXiv:1705.07874, equation 4, with
        absent features set to a reference.
    """
    started = time.perf_counter()
    if len(network.parts) != 1 or network.parts[0].spec.input_kind != "planes":
        msg = (
            f"Expected a network on the six planes. Received {network.name!r}; ask "
            "one of its members, or a network whose input kind is 'planes'."
        )
        raise ValueError(msg)
    probe = network.parts[0]
    absent = lookup(CHANNEL_REPLACEMENTS, replacement, kind="replacement")
    absent_planes = absent.planes(means, seed)[..., np.newaxis]
    planes = picture_input("planes", picture)
    kept = subsets(len(FILTERS))[:, :, np.newaxis, np.newaxis, np.newaxis]
    logits = probe.logits_of_inputs(np.where(kept, planes, absent_planes))
    scores = sign_of(label) * logits.astype(np.float64)
    return ChannelValues(
        values=shapley_values(scores),
        drops=scores[-1] - scores[_all_but_one(len(FILTERS))],
        baseline=float(scores[0]),
        full=float(scores[-1]),
        label=label,
        network=network.name,
        model_sha256=network.sha256,
        replacement=replacement,
        seed=seed,
        seconds=time.perf_counter() - started,
    )


def subsets(count: int) -> npt.NDArray[np.bool_]:
    """Return every subset of `count` things, (2**count, count).

    Row `number` holds thing `i` if bit `i` of `number` is set: the first row holds
    none, the last all.
    """
    numbers = np.arange(2**count)[:, None]
    return (numbers >> np.arange(count) & 1).astype(np.bool_)


def shapley_values(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the Shapley value of each of `n` things, (n,) float64.

    It is what the thing adds to the score, averaged over all orders in which the
    things might come.

    Args:
        scores: (2**n,) float64, the score of each row of `subsets(n)`.

    Example:
        Two things that are worth 4 together, and the first 1 alone:

        >>> shapley_values(np.array([0.0, 1.0, 0.0, 4.0])).tolist()
        [2.5, 1.5]
    """
    count = len(scores).bit_length() - 1
    kept = subsets(count)
    others = kept.sum(axis=1, keepdims=True) - kept
    weights = np.where(kept, 1, -1) / (count * comb(count - 1, others))
    return np.asarray(scores @ weights, np.float64)


def stored_means(name: str, models: Path) -> npt.NDArray[np.float64]:
    """Return the means of the planes from the card of network `name`, (6,).

    Raises:
        ModelUnavailableError: If the card is missing, or does not give them.
    """
    means = np.array(store.load_card(models / name).plane_means or (), np.float64)
    if means.shape != (len(FILTERS),):
        msg = (
            f"The card of {name!r} does not give the mean of each of its "
            f"{len(FILTERS)} planes. Make them with `python -m cifake_core evaluate "
            f"{name} --save`."
        )
        raise ModelUnavailableError(msg)
    return means


def _all_but_one(count: int) -> npt.NDArray[np.int64]:
    """Return the rows of `subsets(count)` in which thing 0, 1, ... alone is absent."""
    return 2**count - 1 - 2 ** np.arange(count)
