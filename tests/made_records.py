"""Records made by hand on the made data set, for the made networks.

Test picture 0 also stands in the training set; 0 to 2 and 30 are almost grey.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from cifake_core.basics.arrays import SIDE
from cifake_core.basics.estimates import Estimate, proportion
from cifake_core.data.archive import names_sha256
from cifake_core.data.cifake import Split, leaked
from cifake_core.data.facts import CopyRow, DataFacts, Part
from cifake_core.evaluation.embedding_map import EmbeddingMap
from cifake_core.evaluation.robustness import CorruptionScores
from cifake_core.evaluation.scores import Scores, test_metrics
from cifake_core.explain.replacements import PIXEL_REPLACEMENTS
from cifake_core.networks.card import NetworkCard
from cifake_core.pictures.corruptions import CORRUPTION_KINDS, CORRUPTIONS
from cifake_core.pictures.statistics import NUM_RINGS, Spectrum
from cifake_core.trust.curves import ALL_REPLACEMENTS
from cifake_core.trust.table import SanityRow, SpliceRow, TrustRow, TrustTable
from cifake_core.verdicts.card import PolicyCard
from cifake_core.verdicts.rule import AbstainThresholds
from tests.cards import network_card
from tests.made_data import NUM_TEST_PICTURES
from tests.policies import policy_record

LIMITS: Final = AbstainThresholds(
    max_grid_distance=0.15,
    max_feature_distance=9.0,
    min_confidence=0.6,
    clear_confidence=0.9,
    min_kept=12,
    expert_fake=0.99,
    expert_doubt=0.8,
    expert_veto=0.05,
)
#: The test pictures on which networks err, with their logits.
WRONG: Final[Mapping[int, float]] = {0: 4.0, 7: 2.0, 40: -9.0}
#: The pictures whose logits a corruption changes, with those logits.
FLIPS: Final[Mapping[str, Mapping[int, float]]] = {
    "jpeg_50": {3: 1.0, 0: 0.5, 35: -2.0, 40: 3.0},
    "blur_0.8": {7: 4.0, 36: -5.0},
}
#: The figures of a row on curves beside its score.
_FIGURES: Final = (
    *("deletion_auc", "insertion_auc", "random_deletion_auc", "random_insertion_auc"),
    *("spread", "beaten", "faithful"),
)


def scores(
    network: str, sha256: str, test: Split, train: Split, wrong: Mapping[int, float]
) -> Scores:
    """Scores of a network that errs on these pictures alone, with these logits."""
    logits = np.where(test.labels == 1, 1.5, -1.5).astype(np.float32)
    for position, logit in wrong.items():
        logits[position] = logit
    seen = np.where(np.arange(len(logits)) % 4 == 0, 5, 3).astype(np.int8)
    return Scores(
        network=network,
        model_sha256=sha256,
        members=test.members,
        labels=test.labels,
        object_classes=test.object_classes,
        logits=logits,
        seen_classes=seen,
        in_training=leaked(test, train),
        repeats=test.repeats,
    )


def validation_scores(clean: Scores) -> Scores:
    """Scores on the held-out pictures: as good as those on the test set."""
    return replace(clean, in_training=np.zeros_like(clean.in_training))


def corruption_scores(
    clean: Scores, flips: Mapping[str, Mapping[int, float]]
) -> CorruptionScores:
    """Scores that are right under every corruption, but for `flips`."""
    right = np.where(clean.labels == 1, 1.5, -1.5)
    rows = np.tile(right, (len(CORRUPTIONS), 1))
    for name, logits in flips.items():
        for position, logit in logits.items():
            rows[list(CORRUPTIONS).index(name), position] = logit
    shape = (len(CORRUPTION_KINDS), -1, len(right))
    return CorruptionScores(
        network=clean.network,
        model_sha256=clean.model_sha256,
        members=clean.members,
        labels=clean.labels,
        leak_free=clean.leak_free,
        logits=rows.reshape(shape).astype(np.float16),
    )


def policy_card(model_sha256: Mapping[str, str]) -> PolicyCard:
    """The card on verdicts: of the test pictures every sixth is UNSURE."""
    return policy_record(
        LIMITS, model_sha256, decisions="UFFFFF" * (NUM_TEST_PICTURES // 6)
    )


def data_facts(test: Split) -> DataFacts:
    """Facts on the test set."""
    spreads = np.full(NUM_TEST_PICTURES, 60, np.float16)
    spreads[[0, 1, 2, 30]] = 1
    return DataFacts(
        data_digest="d1",
        members_sha256=names_sha256(test.members),
        counts={"train/FAKE": 5, "train/REAL": 5, "test/FAKE": 30, "test/REAL": 30},
        duplicates={
            "pairs_within_train": 4,
            "pairs_within_test": 3,
            "pairs_across": 1,
            "leak_free_test": 56,
        },
        copies=(
            CopyRow(
                label="FAKE",
                object_class="cat",
                within_train=4,
                within_test=3,
                across=1,
            ),
        ),
        cues={"8 figures on colour": Part(n=60, accuracy=proportion(41, 60))},
        spectra={"FAKE": _spectrum(21.0), "REAL": _spectrum(20.0)},
        labels=test.labels,
        spreads=spreads,
        means=np.full((2, 10, SIDE, SIDE, 3), 128, np.uint8),
    )


def _spectrum(decibels: float) -> Spectrum:
    """The spectrum of 30 pictures, flat but for its rings."""
    values = decibels / np.arange(1, NUM_RINGS + 1)
    return Spectrum(
        n=30,
        decibels=np.full((SIDE, SIDE), decibels, np.float32),
        rings=tuple(_about(value, 0.5) for value in values),
    )


def embedding_map(
    network: str, sha256: str, test: Split, train: Split, *, num_features: int
) -> EmbeddingMap:
    """A map on which test picture i stands at (i, its label).

    FAKE training pictures stand at (0, 0), (2, 0) and so on, REAL ones at (1, 1),
    (3, 1) and so on; on UMAP's map everything is 100 further right. A picture's
    coordinates are its first two features, less 1.
    """
    half = len(train.labels) // 2
    x = 2 * (np.arange(len(train.labels)) % half) + train.labels
    places = np.stack([x, train.labels], axis=1).astype(np.float32)
    ours = np.stack([np.arange(len(test.labels)), test.labels], axis=1)
    right = np.array([100, 0])
    return EmbeddingMap(
        network=network,
        model_sha256=sha256,
        train_sha256=names_sha256(train.members),
        explained=0.96,
        mean=np.ones(num_features, np.float32),
        axes=np.eye(2, num_features, dtype=np.float32),
        steps=np.ones(2, np.float32),
        test=ours.astype(np.float32),
        train=places,
        labels=train.labels,
        object_classes=train.object_classes,
        test_pca=ours.astype(np.float16),
        train_pca=places.astype(np.float16),
        test_umap=(ours + right).astype(np.float16),
        train_umap=(places + right).astype(np.float16),
    )


def card(clean: Scores) -> NetworkCard:
    """The card of a trained network that was tested on what `clean` holds."""
    return network_card(
        clean.network,
        clean.model_sha256,
        config={
            "epochs": 12,
            "learning_rate": 0.1,
            "seed": 7,
            "new_setting": 0.5,
            "augmentation": {"corrupted": 0.4, "jpeg_quality": 30},
        },
        validation=clean.report(leak_free=False),
        test=test_metrics(clean),
        plane_means=(128.0,) * 6,
    )


def trust_table(model_sha256: Mapping[str, str], *, best: str) -> TrustTable:
    """A table in which one method did better than Grad-CAM, for every network."""
    methods = {"gradcam": 0.5, best: 1.25}
    asked = [(network, method) for network in model_sha256 for method in methods]
    return TrustTable(
        settings={},
        model_sha256=dict(model_sha256),
        data_digest="",
        versions={},
        seconds=1.0,
        num_errors=25,
        positions=(),
        curves=tuple(
            TrustRow(
                network=network,
                method=method,
                replacement=replacement,
                n=100,
                score=_about(methods[method], 0.25),
                **dict.fromkeys(_FIGURES, _about(0.0, 0.0)),
            )
            for network, method in asked
            for replacement in (ALL_REPLACEMENTS, *PIXEL_REPLACEMENTS)
        ),
        splices=tuple(
            SpliceRow(
                network=network,
                method=method,
                n=300,
                share=_about(0.25, 0.05),
                area=0.15,
                maximum_inside=_about(0.5, 0.1),
            )
            for network, method in asked
        ),
        sanity=tuple(
            SanityRow(
                network=network,
                method=method,
                n=10,
                layers=("head",),
                correlations=(_about(0.0, 0.1),),
            )
            for network, method in asked
        ),
    )


def _about(value: float, half: float) -> Estimate:
    """An estimate with an interval of equal halves."""
    return Estimate(value=value, low=value - half, high=value + half)
