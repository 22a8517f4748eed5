"""Speed and memory: that each figure is measured, named and in its unit."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from cifake_core import cli
from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.cli.benchmarking import benchmark
from cifake_core.evaluation import scores
from cifake_core.networks import store
from cifake_core.training.recipes import RECIPES
from tests.cards import network_card
from tests.models import validation_scores


def test_without_networks_nothing_is_measured(tmp_path):
    """Figures without networks would say nothing."""
    with pytest.raises(ModelUnavailableError, match="no trained networks"):
        benchmark.measure(tmp_path)


def test_samples_are_tiled_to_any_number():
    """The pictures come round again, each as it is."""
    random = np.random.RandomState(0)
    pictures = list(random.randint(0, 256, (3, 32, 32, 3)).astype(np.uint8))

    tiled = benchmark._tiled(pictures, 7)  # noqa: SLF001

    assert tiled.shape == (7, 32, 32, 3)
    assert np.array_equal(tiled[5], pictures[2])


def test_the_samples_are_there():
    """What is measured are shipped pictures of the networks' own size."""
    pictures = benchmark._sample_pixels()  # noqa: SLF001

    assert len(pictures) >= 3
    assert {picture.shape for picture in pictures} == {(32, 32, 3)}


@pytest.mark.slow
def test_benchmark_measures_everything(tmp_path, monkeypatch, capsys):
    """Each network has its figures, each target its figure, and stdout one object."""
    import keras

    from cifake_core.cli.benchmarking import throughput
    from cifake_core.networks.cnn import build_cnn
    from cifake_core.networks.cnn3d import build_cnn3d

    keras.utils.set_random_seed(0)
    for name, build in (("cnn", build_cnn), ("cnn3d", build_cnn3d)):
        folder = tmp_path / name
        folder.mkdir()
        sha256 = store.save_model(build(widths=(4, 8, 8)), folder)
        store.write_card(folder, network_card(name, sha256))
        scores.write(validation_scores(name, sha256), folder, store.VALIDATION_FILE)
    monkeypatch.setattr(store, "MODELS", tmp_path)
    monkeypatch.setattr(benchmark, "_QUICK_REPETITIONS", 3)
    monkeypatch.setattr(benchmark, "_SLOW_REPETITIONS", 1)
    monkeypatch.setattr(benchmark, "_STOCK_REPETITIONS", 1)
    monkeypatch.setattr(benchmark, "_NUM_SAMPLES", 100)
    monkeypatch.setattr(benchmark, "_NUM_STARTS", 1)
    for name, number in (("_NUM_WARM", 1), ("_NUM_TIMED", 2), ("_NUM_BATCHES", 4)):
        monkeypatch.setattr(throughput, name, number)
    small = {name: replace(each, batch_size=16) for name, each in RECIPES.items()}
    monkeypatch.setattr(throughput, "RECIPES", small)

    status = cli.main(["benchmark", "--json"])

    figures = json.loads(capsys.readouterr().out)
    measured = {name for name in figures if re.search("_(ms|s|mb|ratio)$", name)}
    assert status == 0
    assert measured >= {*benchmark.TARGETS, *benchmark.FLOORS}
    for name in ("cnn", "cnn3d", "ensemble"):
        assert measured >= {
            f"{name}_logits_ms",
            f"{name}_gradcam_ms",
            f"{name}_cams_ms",
            f"{name}_lime_1000_s",
            f"{name}_1000_passes_s",
            f"{name}_lime_ratio",
            f"{name}_predict_ms",
            f"{name}_predict_ratio",
            f"{name}_stock_lime_1000_s",
            f"{name}_stock_lime_ratio",
        }
    assert {"cnn_tf_explain_ms", "cnn_tf_explain_ratio"} <= measured
    assert "cnn3d_tf_explain_ms" not in measured
    assert "cnn_channels_ms" not in measured
    assert all(figures[name] > 0 for name in measured)
    assert {"num_cpus", "python_version", "tensorflow_version"} <= set(figures)
