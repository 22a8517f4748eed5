"""Speed of the product against the baselines, measured in turns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cifake_core.basics.arrays import Rgb
from cifake_core.cli.benchmarking import baselines
from cifake_core.cli.benchmarking.baselines import Predict
from cifake_core.cli.benchmarking.first_verdict import first_verdict_seconds
from cifake_core.cli.benchmarking.machine import Figure
from cifake_core.cli.benchmarking.product import heat_map
from cifake_core.cli.benchmarking.samples import tiled
from cifake_core.cli.benchmarking.timing import Timing, Work
from cifake_core.networks.protocols import Scorer


def training_throughput(name: str, pictures: Sequence[Rgb]) -> tuple[float, float]:
    """Return the pictures a second of our training and of a plain `fit`."""
    from cifake_core.cli.benchmarking import throughput  # noqa: PLC0415 - loads Keras

    return throughput.training_throughput(name, pictures)


@dataclass(frozen=True, kw_only=True, slots=True)
class Baselines:
    """What the product is measured against, and the starts of fresh processes."""

    predict: Callable[[Scorer, Path], Predict] = baselines.keras_predict
    traced: Callable[[Scorer, Path], Predict] = baselines.tensorflow_predict
    lime: Callable[[Predict, Rgb], None] = baselines.stock_lime
    gradcam: Callable[[Scorer, Path], Callable[[Rgb], object] | None] = (
        baselines.tf_explain_gradcam
    )
    training: Callable[[str, Sequence[Rgb]], tuple[float, float]] = training_throughput
    first_verdict: Callable[..., float] = first_verdict_seconds


# 41 lines: a ratio for each thing that a network is asked, in one list
def against_baselines(
    network: Scorer,
    models: Path,
    pictures: Sequence[Rgb],
    timing: Timing,
    others: Baselines,
) -> dict[str, Figure]:
    """Return the baselines' times for what one network is asked, over the product's.

    A ratio of 2 says that the product is twice as fast.

    Args:
        network: ready to answer.
        models: the folder where the weights lie.
        pictures: (32, 32, 3) uint8 each.
        timing: how often, and by which clock.
        others: the baselines.
    """
    predict, traced = others.predict(network, models), others.traced(network, models)
    thousand = tiled(pictures, 1000)

    def against(product: Work, baseline: Work, count: int) -> tuple[float, float]:
        own, its = timing.pair(product, baseline, pictures, repetitions=count)
        return its, its / own

    alone, alone_ratio = against(
        lambda image: network.logits(image[None]),
        lambda image: predict(image[None]),
        timing.quick,
    )
    lime, lime_ratio = against(
        partial(heat_map, network, "lime"), partial(others.lime, predict), timing.stock
    )
    _, traced_ratio = against(
        lambda _image: network.logits(thousand),
        lambda _image: traced(thousand),
        timing.slow,
    )
    found: dict[str, Figure] = {
        f"{network.name}_predict_ms": 1000 * alone,
        f"{network.name}_predict_ratio": alone_ratio,
        f"{network.name}_stock_lime_1000_s": lime,
        f"{network.name}_stock_lime_ratio": lime_ratio,
        f"{network.name}_tensorflow_ratio": traced_ratio,
    }
    gradcam = others.gradcam(network, models)
    if gradcam is not None:
        product = partial(heat_map, network, "gradcam")
        spent, ratio = against(product, gradcam, timing.quick)
        found[f"{network.name}_tf_explain_ms"] = 1000 * spent
        found[f"{network.name}_tf_explain_ratio"] = ratio
    return found


def training(
    name: str, pictures: Sequence[Rgb], others: Baselines
) -> dict[str, Figure]:
    """Return the pictures a second of our training, over those of a plain `fit`."""
    ours, fit = others.training(name, pictures)
    return {
        f"{name}_train_pictures_per_s": ours,
        f"{name}_fit_pictures_per_s": fit,
        f"{name}_train_ratio": ours / fit,
    }
