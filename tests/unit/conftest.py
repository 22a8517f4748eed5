"""Networks with random weights, for the tests that need Keras."""

from pathlib import Path

import pytest

from cifake_core.networks import NETWORKS, store


@pytest.fixture(scope="session")
def random_models(tmp_path_factory) -> Path:
    """Return a folder of saved networks, untrained; read it, don't change it.

    Their heads are made steep, so that pictures get logits that differ.
    """
    import keras

    keras.utils.set_random_seed(5)
    models = tmp_path_factory.mktemp("models")
    for name, spec in NETWORKS.items():
        if spec.build is not None:
            folder = models / name
            folder.mkdir()
            model = spec.build()
            head = model.get_layer("logit")
            head.kernel.assign(head.kernel * 100)
            sha256 = store.save_model(model, folder)
            store.write_card(folder, {"name": name, "model_sha256": sha256})
    return models
