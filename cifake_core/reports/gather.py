"""All that a report can hold on one picture, asked of the networks."""

from collections.abc import Sequence
from pathlib import Path

from cifake_core.basics.arrays import Rgb
from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.labels import Label
from cifake_core.explain.channel_values import channel_values, stored_means
from cifake_core.explain.records import ChannelValues
from cifake_core.networks import NETWORKS, store
from cifake_core.reports.findings import Findings, MapFinding
from cifake_core.verdicts.judge import Detector
from cifake_core.verdicts.stability import weigh_stability


def gather(
    detector: Detector,
    image: Rgb,
    *,
    maps: Sequence[MapFinding],
    seed: int = 0,
    models: Path = store.MODELS,
) -> Findings:
    """Return what our networks say of a picture, besides `maps`, which are there.

    The last of our networks, the ensemble if both its members are there, is asked
    whether its word holds, after the same changes as for the ruling; the channels are
    for the label of the first map.

    Args:
        detector: of the networks in `models`.
        image: (H, W, 3) uint8, RGB.
        maps: at least one, of this picture.
        seed: draws what takes the place of absent channels.
        models: where the cards stand.
    """
    first = maps[0].explanation
    names = detector.names()
    verdict = detector.judge(
        image, networks=tuple(dict.fromkeys((*names, first.network)))
    )
    seen = verdict.prepared.pixels
    last = names[-1]
    return Findings(
        verdict=verdict,
        maps=tuple(maps),
        channels=_channels(detector, seen, label=first.label, seed=seed, models=models),
        stability=weigh_stability(detector.network(last), seen)[last],
    )


def _channels(
    detector: Detector, image: Rgb, *, label: Label, seed: int, models: Path
) -> ChannelValues | None:
    """Return the channels' values of our network on the planes, if it can be asked."""
    for name in detector.names():
        if NETWORKS[name].input_kind == "planes":
            try:
                means = stored_means(name, models)
            except ModelUnavailableError:  # a card of before the means were stored
                return None
            network = detector.network(name)
            return channel_values(network, image, label=label, means=means, seed=seed)
    return None
