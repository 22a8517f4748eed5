"""How fast the product is and how much memory it takes, on the sample pictures.

Every figure is a median over repetitions on warm networks; the two halves of a ratio,
but for training's, are measured in turns. Keys end in their unit.
"""

import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Rgb
from cifake_core.cli.benchmarking import baselines
from cifake_core.cli.benchmarking.first_verdict import first_verdict_seconds
from cifake_core.evaluation.latency import median_seconds, medians_in_turns
from cifake_core.explain.channel_values import channel_values
from cifake_core.networks import NETWORKS
from cifake_core.networks.protocols import Probe
from cifake_core.pictures.filters import stack_batch
from cifake_core.pictures.preprocessing import prepare
from cifake_core.pictures.reading import read_picture
from cifake_core.trust.measure import measure_trust
from cifake_core.verdicts.judge import Judge
from cifake_core.verdicts.stability import weigh_stability

#: What the figures are meant to stay within on two cores.
TARGETS: Final[Mapping[str, float]] = {
    "verdict_channels_gradcams_ms": 30,
    "cnn_cams_ms": 10,
    "cnn3d_cams_ms": 10,
    "cnn_lime_1000_s": 1.2,
    "cnn_lime_ratio": 1.4,
    "cnn3d_lime_ratio": 1.4,
    "ensemble_lime_ratio": 1.4,
    "cnn_variants_ms": 80,
    "cnn3d_variants_ms": 80,
    "ensemble_variants_ms": 80,
    "cnn3d_channels_ratio": 1.3,
    "explain_page_s": 1.5,
    "filter_20000_pictures_s": 6,
    "start_to_first_verdict_s": 15,
}
#: How many times faster than the obvious way the product is meant to be.
FLOORS: Final[Mapping[str, float]] = {
    "cnn_stock_lime_ratio": 10,
    "cnn3d_stock_lime_ratio": 10,
    "ensemble_stock_lime_ratio": 10,
    "cnn_tensorflow_ratio": 1,
    "cnn3d_tensorflow_ratio": 1,
    "ensemble_tensorflow_ratio": 1,
    "cnn_train_ratio": 1,
    "cnn3d_train_ratio": 1,
}

Figure = float | int | str

_ROOT: Final = Path(__file__).resolve().parents[3]
_SAMPLES: Final = _ROOT / "assets" / "samples"
_QUICK_REPETITIONS = 50
_SLOW_REPETITIONS = 5
_STOCK_REPETITIONS = 3
_NUM_STARTS = 3
_NUM_SAMPLES = 1000
_CAMS: Final = ("gradcam", "hirescam", "layercam")
_PACKAGES: Final = ("tensorflow", "keras", "ai-edge-litert", "numpy", "opencv-python")


def measure(
    models: Path, *, progress: Callable[[str], None] | None = None
) -> dict[str, Figure]:
    """Return speed and memory of the networks in `models`.

    Args:
        models: the folder of trained networks; a key is absent for one that is not
            there.
        progress: told in words what is measured next.

    Returns:
        From a key to a figure. `<network>_cams_ms` is for all three class
        activation maps of one picture, `<network>_lime_ratio` LIME with 1,000
        samples over 1,000 plain forward passes in batches, `<network>_variants_ms`
        for the twenty changed pictures, made and scored, `<network>_channels_ratio`
        the Shapley values of the channels over one plain batch of their 64 sets,
        `explain_page_s` all that *Explain* finds out about a new picture with both
        networks' Grad-CAM. Over the product's time for the same work have
        `<network>_predict_ratio` Keras's `predict` on one picture,
        `<network>_stock_lime_ratio` the package `lime` as it is shipped, asking
        `predict`, `<network>_tensorflow_ratio` 1,000 forward passes by TensorFlow,
        and `<network>_tf_explain_ratio` Grad-CAM by `tf-explain`.
        `<network>_train_ratio` is our training's pictures a second over those of a
        plain `fit` on arrays in memory.

    Raises:
        ModelUnavailableError: If there are no trained networks.
    """
    say = progress or (lambda _words: None)
    pictures = _sample_pixels()
    judge = Judge(models)
    names = judge.names()
    figures: dict[str, Figure] = _machine()
    say("Measuring the whole answer on one picture")
    figures |= _answer(judge, pictures)
    for name in names:
        say(f"Measuring {name}")
        figures |= _network(judge, name, pictures)
    say("Measuring all that is found out about one picture")
    parts = [judge.network(name).parts[0] for name in _single(judge)]
    for part in parts:
        if part.spec.input_kind == "planes":
            figures |= _channels(part, pictures)
    figures |= _explain_page(judge, parts, pictures)
    figures |= _peak_memory()
    for name in names:
        say(f"Measuring the obvious ways for {name}")
        figures |= _obvious(judge, name, models, pictures)
    for name in _single(judge):
        say(f"Measuring the training of {name}")
        figures |= _training(name, pictures)
    say("Measuring the filters on 20,000 pictures")
    figures |= _filters(pictures)
    say("Measuring the time from start to first verdict")
    start = first_verdict_seconds(models, _sample_files()[0], repetitions=_NUM_STARTS)
    return figures | {"start_to_first_verdict_s": start}


def _machine() -> dict[str, Figure]:
    """Return what the figures were measured on."""
    versions = {f"{name}_version": version(name) for name in _PACKAGES}
    return {
        "system": platform.platform(),
        "num_cpus": os.cpu_count() or 1,
        "python_version": platform.python_version(),
        **versions,
    }


def _answer(judge: Judge, pictures: Sequence[Rgb]) -> dict[str, Figure]:
    """Time every verdict, the six channels and every network's Grad-CAM together."""
    names = _single(judge)

    def answer(image: Rgb) -> None:
        judge.judge(image)
        for name in names:
            _explain(judge, name, "gradcam", image)

    seconds = median_seconds(answer, pictures, repetitions=_QUICK_REPETITIONS)
    return {"verdict_channels_gradcams_ms": 1000 * seconds}


def _network(judge: Judge, name: str, pictures: Sequence[Rgb]) -> dict[str, Figure]:
    """Time one network: an answer, its maps, LIME and as many plain passes."""
    network, explain = judge.network(name), partial(_explain, judge, name)

    def quick(call: Callable[[Rgb], object]) -> float:
        return median_seconds(call, pictures, repetitions=_QUICK_REPETITIONS)

    def cams(image: Rgb) -> None:
        for method in _CAMS:
            explain(method, image)

    thousand = _tiled(pictures, 1000)
    lime, passes = medians_in_turns(
        (partial(explain, "lime"), lambda _image: network.logits(thousand)),
        pictures,
        repetitions=_SLOW_REPETITIONS,
    )
    variants = quick(lambda image: weigh_stability(network, image))
    return {
        f"{name}_variants_ms": 1000 * variants,
        f"{name}_logits_ms": 1000 * quick(lambda image: network.logits(image[None])),
        f"{name}_gradcam_ms": 1000 * quick(partial(explain, "gradcam")),
        f"{name}_cams_ms": 1000 * quick(cams),
        f"{name}_lime_1000_s": lime,
        f"{name}_1000_passes_s": passes,
        f"{name}_lime_ratio": lime / passes,
    }


def _channels(probe: Probe, pictures: Sequence[Rgb]) -> dict[str, Figure]:
    """Time the channels' values beside one plain batch of all their sets."""
    means = _channel_means(pictures)

    def passes(image: Rgb) -> None:
        probe.logits_of_inputs(np.repeat(probe.inputs(image[None]), 64, axis=0))

    values, plain = medians_in_turns(
        (partial(channel_values, probe, label="FAKE", means=means), passes),
        pictures,
        repetitions=_QUICK_REPETITIONS,
    )
    return {
        f"{probe.name}_channels_ms": 1000 * values,
        f"{probe.name}_channels_ratio": values / plain,
    }


def _explain_page(
    judge: Judge, parts: Sequence[Probe], pictures: Sequence[Rgb]
) -> dict[str, Figure]:
    """Time all that *Explain* finds out about a picture, every Grad-CAM judged."""
    means = _channel_means(pictures)

    def find_out(image: Rgb) -> None:
        judge.judge(image)
        weigh_stability(judge.network(judge.names()[-1]), image)
        for part in parts:
            if part.spec.input_kind == "planes":
                channel_values(part, image, label="FAKE", means=means)
            explanation = judge.explain(
                image, network=part.name, method="gradcam", label="FAKE"
            )
            measure_trust(part, image, explanation)

    seconds = median_seconds(find_out, pictures, repetitions=_SLOW_REPETITIONS)
    return {"explain_page_s": seconds}


def _obvious(
    judge: Judge, name: str, models: Path, pictures: Sequence[Rgb]
) -> dict[str, Figure]:
    """Time the obvious ways to what one network is asked, in turns with ours."""
    network, explain = judge.network(name), partial(_explain, judge, name)
    predict = baselines.keras_predict(network, models)
    traced = baselines.tensorflow_predict(network, models)
    thousand = _tiled(pictures, 1000)

    def against(
        ours: Callable[[Rgb], object], way: Callable[[Rgb], object], repetitions: int
    ) -> tuple[float, float]:
        own, its = medians_in_turns((ours, way), pictures, repetitions=repetitions)
        return its, its / own

    alone, alone_ratio = against(
        lambda image: network.logits(image[None]),
        lambda image: predict(image[None]),
        _QUICK_REPETITIONS,
    )
    lime, lime_ratio = against(
        partial(explain, "lime"),
        partial(baselines.stock_lime, predict, num_samples=_NUM_SAMPLES),
        _STOCK_REPETITIONS,
    )
    _, traced_ratio = against(
        lambda _image: network.logits(thousand),
        lambda _image: traced(thousand),
        _SLOW_REPETITIONS,
    )
    found: dict[str, Figure] = {
        f"{name}_predict_ms": 1000 * alone,
        f"{name}_predict_ratio": alone_ratio,
        f"{name}_stock_lime_1000_s": lime,
        f"{name}_stock_lime_ratio": lime_ratio,
        f"{name}_tensorflow_ratio": traced_ratio,
    }
    gradcam = baselines.tf_explain_gradcam(network, models)
    if gradcam is not None:
        ours = partial(explain, "gradcam")
        spent, ratio = against(ours, gradcam, _QUICK_REPETITIONS)
        found[f"{name}_tf_explain_ms"] = 1000 * spent
        found[f"{name}_tf_explain_ratio"] = ratio
    return found


def _explain(judge: Judge, network: str, method: str, image: Rgb) -> None:
    """Make the map of one picture for FAKE."""
    judge.explain(image, network=network, method=method, label="FAKE")


def _training(name: str, pictures: Sequence[Rgb]) -> dict[str, Figure]:
    """Time the training of one network against a plain `fit`."""
    from cifake_core.cli.benchmarking.throughput import training_throughput  # noqa: PLC0415 - loads TensorFlow

    ours, fit = training_throughput(name, pictures)
    return {
        f"{name}_train_pictures_per_s": ours,
        f"{name}_fit_pictures_per_s": fit,
        f"{name}_train_ratio": ours / fit,
    }


def _filters(pictures: Sequence[Rgb]) -> dict[str, Figure]:
    """Time the six filters on as many pictures as the test set has."""
    many = [_tiled(pictures, 20_000)]
    seconds = median_seconds(stack_batch, many, repetitions=_SLOW_REPETITIONS)
    return {"filter_20000_pictures_s": seconds}


def _peak_memory() -> dict[str, Figure]:
    """Return the most memory that this process held; Windows does not tell it."""
    try:
        import resource  # noqa: PLC0415 - POSIX only
    except ImportError:
        return {}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes elsewhere
    return {"peak_memory_mb": peak * unit / 1e6}


def _single(judge: Judge) -> list[str]:
    """Return the networks that have weights of their own."""
    return [name for name in judge.names() if not NETWORKS[name].members]


def _sample_files() -> list[Path]:
    """Return the samples that have the networks' own size."""
    return sorted(_SAMPLES.glob("*_32.png"))


def _sample_pixels() -> list[Rgb]:
    """Return the pixels of those samples, each (32, 32, 3)."""
    return [prepare(read_picture(file).pixels).pixels for file in _sample_files()]


def _channel_means(pictures: Sequence[Rgb]) -> npt.NDArray[np.float64]:
    """Return each channel's mean, (6,), which stands for an absent one."""
    return np.asarray(stack_batch(np.stack(pictures)).mean(axis=(0, 2, 3)))


def _tiled(pictures: Sequence[Rgb], count: int) -> npt.NDArray[np.uint8]:
    """Return `count` pictures, the samples over and over, (count, 32, 32, 3)."""
    return np.stack(pictures)[np.arange(count) % len(pictures)]
