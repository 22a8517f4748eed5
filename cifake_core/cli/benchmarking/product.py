"""Speed of the product itself, beside the plain forward passes that its work needs."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from cifake_core.basics.arrays import Rgb
from cifake_core.basics.places import user_data_folder
from cifake_core.cli.benchmarking.machine import Figure
from cifake_core.cli.benchmarking.samples import channel_means, tiled
from cifake_core.cli.benchmarking.timing import Timing, Work
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.channel_values import channel_values
from cifake_core.networks import NETWORKS
from cifake_core.networks.pool import NetworkPool
from cifake_core.networks.protocols import Probe, Scorer
from cifake_core.pictures.filters import stack_batch
from cifake_core.pictures.preprocessing import prepare
from cifake_core.reports.findings import MapFinding
from cifake_core.verdicts.judge import Judge
from cifake_core.verdicts.stability import weigh_stability
from cifake_core.workbench.workbench import Workbench

_CAMS = ("gradcam", "hirescam", "layercam")


def answer(
    pool: NetworkPool, pictures: Sequence[Rgb], timing: Timing
) -> dict[str, Figure]:
    """Time the verdict, the six channels and every network's Grad-CAM together."""
    judge = Judge(pool)
    networks = [pool.network(name) for name in single(pool)]

    def work(image: Rgb) -> None:
        picture = judge.judge(image).prepared
        for network in networks:
            EXPLAINERS["gradcam"].explain(network, picture, label="FAKE")

    seconds = timing.median(work, pictures, repetitions=timing.quick)
    return {"verdict_channels_gradcams_ms": 1000 * seconds}


def network_speed(
    network: Scorer, pictures: Sequence[Rgb], timing: Timing
) -> dict[str, Figure]:
    """Time one network: an answer, its maps, LIME and as many plain passes."""
    name = network.name
    thousand = tiled(pictures, 1000)

    def quick(work: Work) -> float:
        return 1000 * timing.median(work, pictures, repetitions=timing.quick)

    def cams(image: Rgb) -> None:
        picture = prepare(image)
        for method in _CAMS:
            EXPLAINERS[method].explain(network, picture, label="FAKE")

    lime, passes = timing.pair(
        partial(heat_map, network, "lime"),
        lambda _image: network.logits(thousand),
        pictures,
        repetitions=timing.slow,
    )
    return {
        f"{name}_variants_ms": quick(
            lambda image: weigh_stability(network, prepare(image))
        ),
        f"{name}_logits_ms": quick(lambda image: network.logits(image[None])),
        f"{name}_gradcam_ms": quick(partial(heat_map, network, "gradcam")),
        f"{name}_cams_ms": quick(cams),
        f"{name}_lime_1000_s": lime,
        f"{name}_1000_passes_s": passes,
        f"{name}_lime_ratio": lime / passes,
    }


def channels(
    probe: Probe, pictures: Sequence[Rgb], timing: Timing
) -> dict[str, Figure]:
    """Time the channels' values beside one plain batch of all their sets."""
    means = channel_means(pictures)

    def passes(image: Rgb) -> None:
        probe.logits_of_inputs(np.repeat(probe.inputs(image[None]), 64, axis=0))

    values, plain = timing.pair(
        lambda image: channel_values(probe, prepare(image), label="FAKE", means=means),
        passes,
        pictures,
        repetitions=timing.quick,
    )
    return {
        f"{probe.name}_channels_ms": 1000 * values,
        f"{probe.name}_channels_ratio": values / plain,
    }


def explain_page(
    pool: NetworkPool, pictures: Sequence[Rgb], timing: Timing
) -> dict[str, Figure]:
    """Time all that *Explain* finds out about a new picture."""

    def find_out(image: Rgb) -> None:
        # remembers no other picture
        bench = Workbench(pool.models, user_data=user_data_folder(), networks=pool)
        picture = bench.prepare(image)
        maps = []
        for name in single(pool):
            found = bench.explain(picture, network=name, method="gradcam", label="FAKE")
            trust = bench.trust(picture, found)
            maps.append(MapFinding(explanation=found, trust=trust))
        bench.findings(image, maps=maps)

    seconds = timing.median(find_out, pictures, repetitions=timing.slow)
    return {"explain_page_s": seconds}


def filters(pictures: Sequence[Rgb], timing: Timing) -> dict[str, Figure]:
    """Time the six filters on as many pictures as the test set has."""
    many = [tiled(pictures, 20_000)]
    seconds = timing.median(stack_batch, many, repetitions=timing.slow)
    return {"filter_20000_pictures_s": seconds}


def single(pool: NetworkPool) -> list[str]:
    """Return the networks that have weights of their own."""
    return [name for name in pool.names() if not NETWORKS[name].members]


def heat_map(network: Scorer, method: str, image: Rgb) -> None:
    """Make the map of one picture for FAKE."""
    EXPLAINERS[method].explain(network, prepare(image), label="FAKE")
