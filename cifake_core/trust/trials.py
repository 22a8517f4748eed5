"""Trials of every method on one picture: trust curves, patches and sanity check.

The curves of `trust`, the patches of `splice`, and what is left of a map as the
networks forget what they learnt.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Final, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats
from cifake_core.basics.errors import DatasetError
from cifake_core.basics.labels import LABELS, Label
from cifake_core.data.cifake import Split, leak_free
from cifake_core.explain.records import Explanation
from cifake_core.explain.registry import EXPLAINERS
from cifake_core.networks.ensemble import with_parts
from cifake_core.networks.protocols import Probe, Scorer
from cifake_core.pictures.preprocessing import prepare
from cifake_core.pictures.records import PreparedPicture
from cifake_core.trust.curves import ALL_REPLACEMENTS
from cifake_core.trust.journal import Row
from cifake_core.trust.measure import (
    NUM_RANDOM_MAPS,
    by_replacement,
    measure_trust,
    trust_to_json,
)
from cifake_core.trust.memoization import memoize
from cifake_core.trust.sanity import rank_correlation
from cifake_core.trust.splicing import SplicePlan, score_map, splice

#: The map of each network and method, of one picture.
Maps: TypeAlias = Mapping[tuple[str, str], Floats]

#: Pictures asked about at a time while some are chosen.
_CHUNK: Final = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class StudyConfig:
    """Size of a trust study, and the seed that draws all of it.

    `error_share` of the pictures are ones that every network gets wrong, the others
    ones that every network gets right. `num_samples` is for the methods that draw
    samples.
    """

    num_pictures: int = 100
    error_share: float = 0.25
    num_random_maps: int = NUM_RANDOM_MAPS
    num_samples: int = 300
    num_splices: int = 300
    num_sanity_pictures: int = 8
    seed: int = 0


class Forgetting(Protocol):
    """Network that forgets layer by layer, as `randomization.Cascade`."""

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the layers it forgets, in order."""

    def network(self, count: int) -> Probe:
        """Return the network without what its first `count` layers learnt."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Subjects:
    """Subjects of a study: networks, how each member forgets, and the pictures.

    `cascades` has a network that forgets for each part of `networks`.
    """

    networks: Mapping[str, Scorer]
    cascades: Mapping[str, Forgetting]
    test: Split
    train: Split

    def forgotten(self, name: str) -> tuple[str, ...]:
        """Return the layers that network `name` forgets at each step."""
        parts = self.networks[name].parts
        layers = [self.cascades[part.name].layers for part in parts]
        return tuple(
            " + ".join(each[step] for each in layers if step < len(each))
            for step in range(max(map(len, layers)))
        )

    def after(self, step: int) -> dict[str, Scorer]:
        """Return the networks that have something to forget in `step`, after it."""
        parts = {
            name: cascade.network(min(step, len(cascade.layers)))
            for name, cascade in self.cascades.items()
        }
        return {
            name: with_parts(network, [parts[part.name] for part in network.parts])
            for name, network in self.networks.items()
            if step <= len(self.forgotten(name))
        }


def choose_pictures(subjects: Subjects, config: StudyConfig) -> list[Row]:
    """Return leak-free test pictures of which all networks say the same.

    Each row has a `position` in the test split and the `label` that the networks
    give the picture. Both true labels are as frequent. If the data set does not
    have enough errors, there are fewer of them.

    Raises:
        DatasetError: If there are not even two.
    """
    num_errors = round(config.num_pictures * config.error_share)
    fakes = (config.num_pictures // 2, num_errors // 2)
    reals = (config.num_pictures - fakes[0], num_errors - fakes[1])
    wanted = {
        (truth, wrong): errors if wrong else both - errors
        for truth, (both, errors) in enumerate((fakes, reals))
        for wrong in (False, True)
    }
    usable = np.flatnonzero(leak_free(subjects.test, subjects.train))
    order = np.random.default_rng(config.seed).permutation(usable)
    chosen: list[Row] = []
    for start in range(0, len(order), _CHUNK):
        positions = order[start : start + _CHUNK]
        said = _unanimous(subjects.networks, subjects.test.images[positions])
        truths = subjects.test.labels[positions]
        for position, truth, label in zip(
            *map(np.ndarray.tolist, (positions, truths, said)), strict=True
        ):
            if label >= 0 and wanted[truth, truth != label] > 0:
                wanted[truth, truth != label] -= 1
                chosen.append({"position": position, "label": LABELS[label]})
        if not any(wanted.values()):
            break
    if len(chosen) < 2:
        msg = (
            "Expected at least two leak-free test pictures of which all networks say "
            f"the same. Received {len(chosen)}; name a larger data set."
        )
        raise DatasetError(msg)
    return chosen


def curve_rows(
    networks: Mapping[str, Scorer],
    picture: PreparedPicture,
    *,
    label: Label,
    seed: int,
    config: StudyConfig,
) -> list[Row]:
    """Return the rows of trust scores of every map of one picture.

    Returns:
        For each network, method and replacement, and for all of these together, what
        `trust_to_json` gives.
    """
    networks = memoize(networks)
    rows: list[Row] = []
    for explanation in _explanations(
        networks, picture, label=label, seed=seed, config=config
    ):
        trust = measure_trust(
            networks[explanation.network],
            picture,
            explanation,
            num_random_maps=config.num_random_maps,
            seed=seed,
        )
        rows += [
            {**_who(explanation), "replacement": name, **trust_to_json(part)}
            for name, part in {ALL_REPLACEMENTS: trust, **by_replacement(trust)}.items()
        ]
    return rows


def splice_rows(
    networks: Mapping[str, Scorer],
    test: Split,
    plan: SplicePlan,
    *,
    seed: int,
    config: StudyConfig,
) -> list[Row]:
    """Return the rows of scores of every map for the pasted label of one patch."""
    kind = plan.kind
    made = splice(
        test.images[plan.host],
        test.images[plan.donor],
        top=plan.top,
        left=plan.left,
        size=kind.size,
        edge=kind.edge,
    )
    explanations = _explanations(
        memoize(networks),
        prepare(made.pixels),
        label=kind.pasted,
        seed=seed,
        config=config,
    )
    return [
        {**_who(each), **asdict(kind), **asdict(score_map(each.heatmap, made))}
        for each in explanations
    ]


def heatmaps(
    networks: Mapping[str, Scorer],
    picture: PreparedPicture,
    *,
    label: Label,
    seed: int,
    config: StudyConfig,
) -> Maps:
    """Return the map of every network and method."""
    explanations = _explanations(
        memoize(networks), picture, label=label, seed=seed, config=config
    )
    return {(each.network, each.method): each.heatmap for each in explanations}


def sanity_rows(before: Maps, after: Maps, *, step: int) -> list[Row]:
    """Return the rows of correlations of maps `before` and `after` the forgetting."""
    return [
        {
            "network": network,
            "method": method,
            "step": step,
            "correlation": rank_correlation(before[network, method], heatmap),
        }
        for (network, method), heatmap in after.items()
    ]


def _explanations(
    networks: Mapping[str, Scorer],
    picture: PreparedPicture,
    *,
    label: Label,
    seed: int,
    config: StudyConfig,
) -> Iterator[Explanation]:
    """Yield the explanation of one picture by every network and method."""
    for network in networks.values():
        for method, explainer in EXPLAINERS.items():
            yield explainer.explain(
                network,
                picture,
                label=label,
                seed=seed,
                settings=_settings(method, config),
            )


def _settings(method: str, config: StudyConfig) -> dict[str, int]:
    """Return the settings that are not a method's defaults."""
    known = {setting.name for setting in EXPLAINERS[method].settings}
    return {"num_samples": config.num_samples} if "num_samples" in known else {}


def _who(explanation: Explanation) -> Row:
    """Return the network and the method of an explanation."""
    return {"network": explanation.network, "method": explanation.method}


def _unanimous(
    networks: Mapping[str, Scorer], images: npt.NDArray[np.uint8]
) -> npt.NDArray[np.int64]:
    """Return the number of the label that all networks give, or -1, (N,)."""
    asked = memoize(networks)
    real = np.stack([network.logits(images) >= 0 for network in asked.values()])
    return np.where(real.all(axis=0), 1, np.where(real.any(axis=0), -1, 0))
