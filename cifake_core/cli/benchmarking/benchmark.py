"""How fast the product is and how much memory it takes, on the sample pictures.

Every figure is a median over repetitions on warm networks; the two halves of a ratio,
but for training's, are measured in turns. Keys end in their unit.
"""

from collections.abc import Callable
from typing import Final

from cifake_core.cli.benchmarking import product
from cifake_core.cli.benchmarking.comparison import (
    Baselines,
    against_baselines,
    training,
)
from cifake_core.cli.benchmarking.machine import Figure, machine, peak_memory
from cifake_core.cli.benchmarking.samples import sample_files, sample_pictures
from cifake_core.cli.benchmarking.timing import Timing
from cifake_core.networks.pool import NetworkPool

TIMING: Final = Timing()
BASELINES: Final = Baselines()


def measure(
    pool: NetworkPool,
    *,
    timing: Timing = TIMING,
    baselines: Baselines = BASELINES,
    progress: Callable[[str], None],
) -> dict[str, Figure]:
    """Return speed and memory of our own networks.

    Args:
        pool: the trained networks; a key is absent for one that is not there.
        timing: how often what is repeated, and by which clock.
        baselines: what the product is measured against.
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
    names, single = pool.names(), product.single(pool)
    pictures = sample_pictures()
    figures = machine()
    progress("Measuring the whole answer on one picture")
    figures |= product.answer(pool, pictures, timing)
    for name in names:
        progress(f"Measuring {name}")
        figures |= product.network_speed(pool.network(name), pictures, timing)
    progress("Measuring all that is found out about one picture")
    for name in single:
        (part,) = pool.network(name).parts
        if part.spec.input_kind == "planes":
            figures |= product.channels(part, pictures, timing)
    figures |= product.explain_page(pool, pictures, timing)
    figures |= peak_memory()
    for name in names:
        progress(f"Measuring the baselines of {name}")
        network = pool.network(name)
        figures |= against_baselines(network, pool.models, pictures, timing, baselines)
    for name in single:
        progress(f"Measuring the training of {name}")
        figures |= training(name, pictures, baselines)
    progress("Measuring the filters on 20,000 pictures")
    figures |= product.filters(pictures, timing)
    progress("Measuring the time from start to first verdict")
    start = baselines.first_verdict(
        pool.models, sample_files()[0], repetitions=timing.starts
    )
    return figures | {"start_to_first_verdict_s": start}
