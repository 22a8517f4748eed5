"""Linear networks in a folder of trained ones, with scores on a data set."""

from pathlib import Path

import numpy as np

from cifake_core.data import cifake
from cifake_core.evaluation import scores, stacking
from cifake_core.networks import store
from tests.cards import put_network
from tests.fakes import INPUT_SHAPES, LinearProbe


def scored_networks(models: Path, data: Path) -> dict[str, LinearProbe]:
    """Return our three networks; all go by how green a picture is, by name.

    Their cards and scores, and the card of their ensemble, are written to `models`.
    """
    train, test = (cifake.load(data, name) for name in ("train", "test"))
    green = {kind: np.zeros(shape) for kind, shape in INPUT_SHAPES.items()}
    green["rgb"][:, :, 1] = green["planes"][0] = 0.1 / 32**2
    probes = {
        name: LinearProbe(green[kind], bias=-12.0, name=name, sha256=f"sha of {name}")
        for name, kind in (("cnn", "rgb"), ("cnn3d", "planes"), ("cnn_multi", "rgb"))
    }
    for name, probe in probes.items():
        folder = put_network(models, name, probe.sha256)
        found = scores.score(probe, train, train)
        scores.write(found, folder, store.VALIDATION_FILE)
        scores.write(scores.score(probe, test, train), folder)
    stacking.fit_ensemble("ensemble", models)
    return probes
