"""Networks with random weights, for the tests that need Keras."""

from pathlib import Path

import numpy as np
import pytest

from cifake_core.data import cifake
from cifake_core.evaluation import scores, stacking
from cifake_core.networks import NETWORKS, OWN, store
from tests.cards import network_card


def validation_scores(network: str, sha256: str, *, seed: int = 0) -> scores.Scores:
    """Return scores of 40 pictures, most but not all of them rightly called."""
    labels = np.arange(40, dtype=np.int8) % 2
    noise = np.random.RandomState(seed).normal(0, 2, 40)
    return scores.Scores(
        network=network,
        model_sha256=sha256,
        members=np.array([f"train/{number}.jpg" for number in range(40)]),
        labels=labels,
        object_classes=np.zeros(40, np.int8),
        logits=np.where(labels == 1, 1, -1).astype(np.float32) + noise.astype("f4"),
        seen_classes=np.zeros(40, np.int8),
        in_training=np.zeros(40, np.bool_),
        repeats=np.zeros(40, np.bool_),
    )


@pytest.fixture(scope="session")
def random_models(tmp_path_factory) -> Path:
    """Return a folder of our own networks, untrained; read it, don't change it.

    Their heads are made steep, so that pictures get logits that differ.
    """
    import keras

    keras.utils.set_random_seed(5)
    models = tmp_path_factory.mktemp("models")
    for name in OWN:
        spec = NETWORKS[name]
        if spec.builder:
            folder = models / name
            folder.mkdir()
            model = spec.build()
            head = model.get_layer("logit")
            head.kernel.assign(head.kernel * 100)
            sha256 = store.save_model(model, folder)
            store.write_card(folder, network_card(name, sha256))
            scores.write(validation_scores(name, sha256), folder, store.VALIDATION_FILE)
    stacking.fit_ensemble("ensemble", models)
    return models


@pytest.fixture
def published(tiny_dataset, monkeypatch) -> Path:
    """Let the tiny data set be the published one; return its folder."""
    splits = (cifake.load(tiny_dataset, name) for name in ("train", "test"))
    monkeypatch.setattr(cifake, "PUBLISHED_DIGEST", cifake.digest(*splits))
    monkeypatch.setattr(cifake, "PUBLISHED_COUNTS", {"train": 14, "test": 6})
    return tiny_dataset
