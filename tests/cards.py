"""Cards of networks as tests need them, with figures worked by hand."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cifake_core.basics.estimates import proportion
from cifake_core.networks import NETWORKS, store
from cifake_core.networks.card import (
    EnsembleCard,
    Metrics,
    NetworkCard,
    ObjectReport,
    ReliabilityBin,
    TrainingFacts,
)
from cifake_core.networks.ensemble import ensemble_sha256
from cifake_core.pictures.filters import FILTERS


def metrics(*, right: int = 90, n: int = 100, objects: bool = False) -> Metrics:
    """Metrics of a network that calls `right` of `n` pictures, half each, rightly."""
    half, wrong = n // 2, n - right
    return Metrics(
        n=n,
        accuracy=proportion(right, n),
        precision=proportion(half - wrong, half),
        recall=proportion(half - wrong, half - wrong or 1),
        f1=proportion(right, n),
        roc_auc=proportion(right, n),
        ece=0.02,
        reliability=(
            ReliabilityBin(
                low=0.8, high=1.0, n=n, confidence=0.92, accuracy=proportion(right, n)
            ),
        ),
        confusion=((half - wrong, wrong), (0, half)),
        objects=(
            ObjectReport(
                n=n,
                accuracy=proportion(right, n),
                confusion=tuple((n // 10,) * 10 for _ in range(10)),
            )
            if objects
            else None
        ),
    )


def network_card(
    name: str = "cnn",
    model_sha256: str = "a1",
    **changes: Any,
) -> NetworkCard:
    """Card of a trained network that was not tested yet, with `changes`."""
    spec = NETWORKS.get(name, NETWORKS["cnn"])
    planes = spec.input_kind == "planes"
    card = NetworkCard(
        name=name,
        input_kind=spec.input_kind,
        input_shape=(len(FILTERS), 32, 32, 1) if planes else (32, 32, 3),
        filters=tuple(FILTERS) if planes else (),
        parameters=288_481,
        multiply_adds=38_633_600,
        model_sha256=model_sha256,
        config={"epochs": 12, "learning_rate": 0.1, "seed": 7},
        precision="float32",
        temperature=1.25,
        logit_shift=0.75,
        epochs=12,
        seconds=3_600.0,
        training=TrainingFacts(
            data_set="CIFAKE",
            train_digest="d1",
            num_training=90_000,
            num_validation=10_000,
        ),
        code_version="0.1.0",
        versions={"keras": "3.15.1", "numpy": "2.4.6"},
        validation=metrics(),
    )
    return replace(card, **changes)


def ensemble_card(
    cnn: str, cnn3d: str, *, weights: tuple[float, float] = (0.7, 0.4)
) -> EnsembleCard:
    """Card of an ensemble of two networks with these hashes."""
    members = {"cnn": cnn, "cnn3d": cnn3d}
    counted = dict(zip(members, weights, strict=True))
    return EnsembleCard(
        name="ensemble",
        members=members,
        weights=counted,
        model_sha256=ensemble_sha256(members, counted),
        calibration="by hand",
        code_version="0.1.0",
        versions={"scipy": "1.17.1"},
        validation=metrics(right=95),
    )


def put_network(
    models: Path, name: str, sha256: str, *, plane_means: Sequence[float] = ()
) -> Path:
    """Write the card of a network beside empty weights; return its folder."""
    folder = models / name
    folder.mkdir(exist_ok=True)
    (folder / store.WEIGHTS_FILE).touch()
    card = network_card(name, sha256, plane_means=tuple(plane_means) or None)
    store.write_card(folder, card)
    return folder


def put_ensemble(models: Path, *, weights: tuple[float, float] = (0.5, 0.5)) -> Path:
    """Write the card of the ensemble of the networks in `models`; return its folder."""
    hashes = (store.revision(name, models) for name in ("cnn", "cnn3d"))
    folder = models / "ensemble"
    folder.mkdir(exist_ok=True)
    store.write_card(folder, ensemble_card(*hashes, weights=weights))
    return folder
