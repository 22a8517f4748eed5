"""Speed and memory: each figure is the one it is called, on a clock set by hand.

Networks and baselines move the clock by what their work is said to take, so that a
wrong unit or a ratio upside down is seen.
"""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.places import user_data_folder
from cifake_core.cli.benchmarking import product, samples, throughput
from cifake_core.cli.benchmarking.benchmark import measure
from cifake_core.cli.benchmarking.comparison import Baselines, against_baselines
from cifake_core.cli.benchmarking.targets import FLOORS, TARGETS
from cifake_core.cli.benchmarking.timing import Timing
from cifake_core.cli.commands import benchmark
from cifake_core.cli.context import Context
from cifake_core.networks.pool import NetworkPool
from cifake_core.training.recipes import RECIPES
from tests.cards import put_ensemble, put_network
from tests.fakes import INPUT_SHAPES, LinearProbe, noise

#: Seconds that a network takes for one picture, on the clock of the tests.
SECONDS = 0.25


class Clock:
    """A clock that stands still until somebody works."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now

    def work(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


class SlowProbe(LinearProbe):
    """A linear network that takes its time for each picture."""

    def __init__(self, kind: str, clock: Clock) -> None:
        weights = np.random.RandomState(1).normal(0, 1e-3, INPUT_SHAPES[kind])
        super().__init__(weights)
        self._clock = clock

    def logits_of_inputs(self, inputs):
        """Return the logits after a while."""
        self._clock.work(SECONDS * len(inputs))
        return super().logits_of_inputs(inputs)

    def activations(self, picture):
        """Return what maps are made of, after a while."""
        self._clock.work(SECONDS)
        return super().activations(picture)


@pytest.fixture
def clock() -> Clock:
    """Return a clock at 0."""
    return Clock()


@pytest.fixture
def timing(clock) -> Timing:
    """Return one repetition of everything."""
    return Timing(quick=1, slow=1, stock=1, starts=1, clock=clock)


@pytest.fixture
def baselines(clock) -> Baselines:
    """Return baselines of known times: 3 s for a batch, 8 s for LIME, 5 s for a map."""

    def predict(_network, _models):
        return lambda _images: clock.work(3)

    return Baselines(
        predict=predict,
        traced=predict,
        lime=lambda _predict, _image: clock.work(8),
        gradcam=lambda _network, _models: lambda _image: clock.work(5),
        training=lambda _name, _pictures: (200.0, 50.0),
        first_verdict=lambda _models, _picture, **_: 4.0,
    )


@pytest.fixture
def pool(tmp_path, clock) -> NetworkPool:
    """Return two linear networks and their ensemble."""
    probes = {"cnn": SlowProbe("rgb", clock), "cnn3d": SlowProbe("planes", clock)}
    for name, probe in probes.items():
        put_network(tmp_path, name, probe.sha256, plane_means=(1, 2, 3, 4, 5, 6))
    put_ensemble(tmp_path)
    return NetworkPool(tmp_path, load=lambda folder: probes[folder.name])


def test_a_networks_times_are_in_their_units(pool, timing):
    """A picture takes a quarter of a second, a thousand 250 s, LIME a little more."""
    figures = product.network_speed(pool.network("cnn"), [noise()], timing)

    assert figures["cnn_logits_ms"] == 250
    assert figures["cnn_1000_passes_s"] == 250
    assert figures["cnn_lime_1000_s"] == pytest.approx(250, abs=1)
    assert figures["cnn_lime_ratio"] == figures["cnn_lime_1000_s"] / 250
    assert figures["cnn_gradcam_ms"] == 250
    assert figures["cnn_cams_ms"] == 750
    assert figures["cnn_variants_ms"] == 250 * 21


def test_a_ratio_says_how_many_times_faster_the_product_is(pool, timing, baselines):
    """Twelve times one pass, and less than one where the baseline is faster."""
    network = pool.network("cnn")

    figures = against_baselines(network, pool.models, [noise()], timing, baselines)

    assert figures["cnn_predict_ms"] == 3000
    assert figures["cnn_predict_ratio"] == 3 / SECONDS
    assert figures["cnn_tensorflow_ratio"] == 3 / (1000 * SECONDS)
    assert figures["cnn_tf_explain_ms"] == 5000
    assert figures["cnn_tf_explain_ratio"] == 5 / SECONDS
    assert figures["cnn_stock_lime_1000_s"] == 8
    assert figures["cnn_stock_lime_ratio"] == pytest.approx(8 / 250, rel=0.01)


@pytest.mark.slow
def test_everything_is_measured(pool, timing, baselines, capsys):
    """Each network has its figures, each target its figure, stdout one object."""
    context = Context(
        shipped=pool.models,
        user_data=user_data_folder(),
        load=lambda folder: pool.network(folder.name),
    )

    benchmark.run(json=True, context=context, timing=timing, baselines=baselines)

    captured = capsys.readouterr()
    figures = json.loads(captured.out)
    measured = {name for name in figures if re.search("_(ms|s|mb|ratio)$", name)}
    assert measured >= {*TARGETS, *FLOORS}
    assert figures["cnn_train_ratio"] == 4
    assert figures["start_to_first_verdict_s"] == 4
    assert figures["cnn3d_channels_ms"] == pytest.approx(64 * 250)
    assert figures["cnn3d_channels_ratio"] == pytest.approx(1)
    assert figures["ensemble_logits_ms"] == 500
    assert "cnn_channels_ms" not in measured
    assert {"num_cpus", "python_version", "tensorflow_version"} <= set(figures)
    assert captured.err.endswith("Measuring the time from start to first verdict\n")


def test_a_person_reads_targets_beside_the_figures(capsys):
    """At most or at least; nothing where nothing is asked."""
    benchmark.show(
        {
            "start_to_first_verdict_s": 4.0,
            "cnn_train_ratio": 4.0,
            "cnn_predict_ms": 3000.0,
            "num_cpus": 2,
        }
    )

    _, *lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines] == [
        ["start_to_first_verdict_s", "4.00", "at", "most", "15"],
        ["cnn_train_ratio", "4.00", "at", "least", "1"],
        ["cnn_predict_ms", "3,000.00"],
        ["num_cpus", "2"],
    ]


def test_without_networks_nothing_is_measured(tmp_path, timing, baselines):
    """Figures without networks would say nothing."""
    with pytest.raises(ModelUnavailableError, match="no trained networks"):
        measure(
            NetworkPool(tmp_path), timing=timing, baselines=baselines, progress=print
        )


def test_samples_are_tiled_to_any_number():
    """The pictures come round again, each as it is."""
    pictures = samples.sample_pictures()

    tiled = samples.tiled(pictures, len(pictures) + 2)

    assert len(pictures) >= 3
    assert {picture.shape for picture in pictures} == {(32, 32, 3)}
    assert np.array_equal(tiled[len(pictures) + 1], pictures[1])


@pytest.mark.slow
def test_training_and_fit_are_both_timed():
    """On a few small batches both take in pictures."""
    config = replace(RECIPES["cnn"], batch_size=16)
    batches = throughput.Batches(num_warm=1, num_timed=2, num_all=4)

    ours, fit = throughput.training_throughput(
        "cnn", samples.sample_pictures(), config=config, batches=batches
    )

    assert ours > 0
    assert fit > 0


@pytest.mark.slow
def test_trained_networks_are_measured(random_models):
    """Real networks and a real clock: three maps take longer than half of one."""
    pool = NetworkPool(random_models)
    timing, pictures = Timing(quick=9, slow=1), samples.sample_pictures()

    figures = product.network_speed(pool.network("cnn"), pictures, timing)
    figures |= product.answer(pool, pictures, timing)

    assert figures["cnn_1000_passes_s"] > figures["cnn_logits_ms"] / 1000 > 0
    assert figures["cnn_cams_ms"] > figures["cnn_gradcam_ms"] / 2
    assert figures["verdict_channels_gradcams_ms"] > 0
