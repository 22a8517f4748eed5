"""Trust score of a heat map: its deletion and insertion curves against chance."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from cifake_core.basics.labels import Label
from cifake_core.basics.progress import ProgressCallback, tell_nobody
from cifake_core.explain.records import Explanation
from cifake_core.networks.protocols import Scorer
from cifake_core.pictures.records import PreparedPicture
from cifake_core.trust.curves import Curves, draw_curves, random_maps

#: From the best word to the worst.
TrustWord: TypeAlias = Literal["faithful", "weak", "no better than chance"]

NUM_RANDOM_MAPS: Final = 10
#: By how many spreads of the random maps a faithful map is better than their mean.
#: Chance alone gives so much to fewer than one map in twenty (Student's t with nine
#: degrees of freedom), if random maps are about normally spread.
_CLEAR: Final = 2.0


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Trust:
    """Trust in one map: how much better it is than the same map in random places.

    `curves` leads from a name of `PIXEL_REPLACEMENTS` to the curves of 1 + R maps: the
    map itself, then its R random ones. All figures are in units of the logit of
    `label`. `seed` drew the random maps.
    """

    curves: Mapping[str, Curves]
    label: Label
    method: str
    network: str
    model_sha256: str
    seed: int
    seconds: float

    @property
    def leads(self) -> npt.NDArray[np.float64]:
        """(1 + R,) half of what each map's insertion area has over its deletion area.

        It is the mean over the replacements; the best map has the most.
        """
        halves = [(c.insertion_auc - c.deletion_auc) / 2 for c in self.curves.values()]
        return np.asarray(np.mean(halves, axis=0), np.float64)

    @property
    def score(self) -> float:
        """The area between the curves of the map and the mean of its random maps.

        It counts for the map where its deletion curve is lower and its insertion
        curve higher; mean over both kinds and all replacements, by chance 0.
        """
        map_lead, *random_leads = self.leads
        return float(map_lead - np.mean(random_leads))

    @property
    def spread(self) -> float:
        """The standard deviation of `leads` over the random maps."""
        return float(self.leads[1:].std(ddof=1))

    @property
    def beaten(self) -> float:
        """The share of the random maps that are worse, 0 to 1; an equal one is half."""
        map_lead, random_leads = self.leads[0], self.leads[1:]
        return float(np.mean((np.sign(map_lead - random_leads) + 1) / 2))

    @property
    def word(self) -> TrustWord:
        """Word for the map.

        It is weak if it is better than each of its random maps, faithful if it is,
        besides, better than their mean by twice their spread; a map that is not
        even weak is no better than chance.
        """
        if self.beaten < 1:
            return "no better than chance"
        return "faithful" if self.score >= _CLEAR * self.spread else "weak"


def measure_trust(  # noqa: PLR0913 - who, what, which map and how: by keyword
    network: Scorer,
    picture: PreparedPicture,
    explanation: Explanation,
    *,
    num_random_maps: int = NUM_RANDOM_MAPS,
    seed: int = 0,
    progress: ProgressCallback = tell_nobody,
) -> Trust:
    """Return the trust score of a map, by deletion and insertion.

    Args:
        network: the one that is explained.
        picture: the picture that is explained.
        explanation: its map.
        num_random_maps: with how many it is compared, at least 2.
        seed: draws them.
        progress: told the share done, 0 to 1, now and then. What it raises stops
            the work and comes through.

    Raises:
        ValueError: If the explanation is of another network.
    """
    if explanation.model_sha256 != network.sha256:
        msg = (
            f"Expected an explanation of {network.name!r} with the weights "
            f"{network.sha256[:12]}. Received one of {explanation.network!r}, "
            f"{explanation.model_sha256[:12]}."
        )
        raise ValueError(msg)
    started = time.perf_counter()
    others = random_maps(explanation.heatmap, count=num_random_maps, seed=seed)
    curves = draw_curves(
        network,
        picture.pixels,
        np.concatenate([explanation.heatmap[np.newaxis], others]),
        label=explanation.label,
        progress=progress,
    )
    return Trust(
        curves=curves,
        label=explanation.label,
        method=explanation.method,
        network=network.name,
        model_sha256=network.sha256,
        seed=seed,
        seconds=time.perf_counter() - started,
    )


def by_replacement(trust: Trust) -> dict[str, Trust]:
    """Return the trust score by each replacement alone, by its name."""
    return {
        name: replace(trust, curves={name: curves})
        for name, curves in trust.curves.items()
    }


def trust_to_json(trust: Trust) -> dict[str, float | str]:
    """Return the figures of `trust` as plain numbers and a word.

    Returns:
        `deletion_auc` and `insertion_auc` of the map, `random_deletion_auc` and
        `random_insertion_auc`, the means of its random maps, all of them means over
        the replacements; `trust_score`, `trust_spread`, `trust_beaten` and `trust`, the
        word.
    """
    facts: dict[str, float | str] = {}
    for kind in ("deletion_auc", "insertion_auc"):
        each = [getattr(curves, kind) for curves in trust.curves.values()]
        of_map, *of_random = np.mean(each, axis=0)
        facts |= {kind: float(of_map), f"random_{kind}": float(np.mean(of_random))}
    return facts | {
        "trust_score": trust.score,
        "trust_spread": trust.spread,
        "trust_beaten": trust.beaten,
        "trust": trust.word,
    }
