"""Records as the services hand them to pages, made without a network."""

import hashlib
from collections.abc import Mapping
from io import BytesIO

import numpy as np
from PIL import Image

from cifake_core.basics.arrays import SIDE, Rgb
from cifake_core.basics.estimates import Estimate, proportion, sigmoid
from cifake_core.basics.labels import LABELS, Label
from cifake_core.data.archive import names_sha256
from cifake_core.data.cifake import Split
from cifake_core.data.facts import CopyRow, DataFacts, Part
from cifake_core.evaluation.embedding_map import EmbeddingMap
from cifake_core.evaluation.metrics import report_to_json
from cifake_core.evaluation.robustness import CorruptionScores
from cifake_core.evaluation.scores import Scores
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.records import Explanation
from cifake_core.explain.replacements import PIXEL_REPLACEMENTS
from cifake_core.networks import NETWORKS
from cifake_core.pictures import filters
from cifake_core.pictures.corruptions import CORRUPTION_KINDS, CORRUPTIONS
from cifake_core.pictures.preprocessing import prepare
from cifake_core.pictures.statistics import NUM_RINGS, Spectrum
from cifake_core.trust.curves import ALL_REPLACEMENTS
from cifake_core.trust.table import SanityRow, SpliceRow, TrustRow, TrustTable
from cifake_core.verdicts.card import PolicyCard
from cifake_core.verdicts.records import ObjectPrediction, Prediction, Verdict
from cifake_core.verdicts.rule import NOT_ASKED, AbstainThresholds, Signals, decide
from tests.fakes import LinearProbe
from tests.policies import policy_record

NUM_TEST_PICTURES = 60
LIMITS = AbstainThresholds(
    max_grid_distance=0.15,
    max_feature_distance=9.0,
    min_confidence=0.6,
    clear_confidence=0.9,
    min_kept=12,
)
#: The figures of a row on curves beside its score.
_FIGURES = (
    *("deletion_auc", "insertion_auc", "random_deletion_auc", "random_insertion_auc"),
    *("spread", "beaten", "faithful"),
)


def picture(seed: int = 1, *, height: int = SIDE, width: int = SIDE) -> Rgb:
    """Return a random picture."""
    random = np.random.RandomState(seed)
    return random.randint(0, 256, (height, width, 3)).astype(np.uint8)


def png(image: Rgb) -> bytes:
    """Return a picture as the bytes of a PNG file."""
    file = BytesIO()
    Image.fromarray(image).save(file, "PNG")
    return file.getvalue()


def sha256(network: str) -> str:
    """Return the hash that stands for a network's weights."""
    return hashlib.sha256(network.encode()).hexdigest()


def verdict(
    image: Rgb,
    logits: Mapping[str, float],
    object_predictions: Mapping[str, ObjectPrediction] | None = None,
) -> Verdict:
    """Return the verdict that follows from these logits by network.

    Networks in `object_predictions` name the object, the others don't. A picture of 32x32
    pixels comes from CIFAKE, any other is called differently by each kernel.
    """
    prepared = prepare(image)
    predictions = {
        name: Prediction(
            network=name,
            logit=logit,
            p_real=float(sigmoid(np.array(logit))),
            milliseconds=4.0,
            model_sha256=sha256(name),
            object_prediction=(object_predictions or {}).get(name),
        )
        for name, logit in logits.items()
    }
    p_real = {name: np.array([o.p_real]) for name, o in predictions.items()}
    together = p_real.get("ensemble", next(iter(p_real.values())))
    native = prepared.kernel == "none"
    decision, reasons = decide(
        Signals(
            p_real=together,
            parts={name: p for name, p in p_real.items() if not NETWORKS[name].members},
            grid_distance=np.array([0.05 if native else 0.3]),
            feature_distance=np.array([1.0]),
            kept=np.array([NOT_ASKED]),
            num_changes=20,
            kernels={} if native else {"area": together, "bicubic": 1 - together},
        ),
        LIMITS,
    )
    return Verdict(
        decision=decision,
        reasons=reasons,
        predictions=predictions,
        prepared=prepared,
    )


def verdicts_card() -> PolicyCard:
    """Return a card on verdicts: of the test pictures every sixth is UNSURE."""
    words = ("U", "F", "F", "F", "F", "F")
    letters = "".join(words * (NUM_TEST_PICTURES // len(words)))
    hashes = {name: sha256(name) for name in ("cnn", "cnn3d", "ensemble")}
    return policy_record(LIMITS, hashes, decisions=letters)


def explanation(network: str, method: str, label: Label) -> Explanation:
    """Return a map that grows from left to right."""
    signed = EXPLAINERS[method].signed
    ramp = np.linspace(-1 if signed else 0, 1, SIDE, dtype=np.float32)
    heatmap = np.tile(ramp, (SIDE, 1))
    on_planes = NETWORKS[network].input_kind == "planes" and method == "gradient_input"
    return Explanation(
        heatmap=heatmap,
        label=label,
        signed=signed,
        method=method,
        network=network,
        model_sha256=sha256(network),
        seed=0,
        seconds=0.1,
        settings={},
        plane_maps=np.stack([heatmap] * 6) if on_planes else None,
    )


def probe(network: str) -> LinearProbe:
    """Return a network of that name: what is bright on the right speaks for REAL."""
    weights = np.zeros((SIDE, SIDE, 3), np.float32)
    weights[:, SIDE // 2 :] = 1e-4
    return LinearProbe(weights, name=network, sha256=sha256(network))


def plane_probe(network: str) -> LinearProbe:
    """Return a network on the planes that weighs each channel more than the last."""
    weights = np.ones((len(filters.FILTERS), SIDE, SIDE, 1)) * 1e-5
    weights *= np.arange(1, 1 + len(weights))[:, None, None, None]
    return LinearProbe(weights, name=network, sha256=sha256(network))


def split() -> Split:
    """Return a test split of `NUM_TEST_PICTURES`, the first half FAKE."""
    random = np.random.RandomState(2)
    images = random.randint(0, 256, (NUM_TEST_PICTURES, SIDE, SIDE, 3))
    labels = np.repeat([0, 1], NUM_TEST_PICTURES // 2).astype(np.int8)
    members = [f"test/{('FAKE', 'REAL')[k]}/{i}.jpg" for i, k in enumerate(labels)]
    return Split(
        name="test",
        images=images.astype(np.uint8),
        labels=labels,
        object_classes=np.full(NUM_TEST_PICTURES, 3, np.int8),
        hashes=np.array([f"{i:064}" for i in range(NUM_TEST_PICTURES)]),
        members=np.array(members),
    )


def scores(network: str, *, wrong: Mapping[int, float]) -> Scores:
    """Return the scores of a network that errs on these pictures with these logits.

    Picture 0 also stands in the training set.
    """
    test = split()
    logits = np.where(test.labels == 1, 1.5, -1.5).astype(np.float32)
    for position, logit in wrong.items():
        logits[position] = logit
    in_training = np.zeros(NUM_TEST_PICTURES, np.bool_)
    in_training[0] = True
    return Scores(
        network=network,
        model_sha256=sha256(network),
        members=test.members,
        labels=test.labels,
        object_classes=test.object_classes,
        logits=logits,
        seen_classes=np.where(np.arange(len(logits)) % 4 == 0, 5, 3).astype(np.int8),
        in_training=in_training,
        repeats=np.zeros(NUM_TEST_PICTURES, np.bool_),
    )


def data_facts() -> DataFacts:
    """Return facts on the pictures of `split`: 0 to 2 and 30 are almost grey."""
    test = split()
    spreads = np.full(NUM_TEST_PICTURES, 60, np.float16)
    spreads[[0, 1, 2, 30]] = 1
    rings = {"FAKE": 21.0, "REAL": 20.0}
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
        spectra={
            label: Spectrum(
                n=30,
                decibels=np.full((SIDE, SIDE), rings[label], np.float32),
                rings=tuple(
                    Estimate(value=value, low=value - 0.5, high=value + 0.5)
                    for value in rings[label] / np.arange(1, NUM_RINGS + 1)
                ),
            )
            for label in LABELS
        },
        labels=test.labels,
        spreads=spreads,
        means=np.full((2, 10, SIDE, SIDE, 3), 128, np.uint8),
    )


def corruption_scores(
    network: str, *, flips: Mapping[str, Mapping[int, float]]
) -> CorruptionScores:
    """Return scores that are right everywhere but for `flips`.

    Those lead from the name of a corruption to the logits of some pictures after it.
    """
    clean = scores(network, wrong={})
    rows = np.tile(clean.logits, (len(CORRUPTIONS), 1))
    for name, logits in flips.items():
        for position, logit in logits.items():
            rows[list(CORRUPTIONS).index(name), position] = logit
    return CorruptionScores(
        network=network,
        model_sha256=sha256(network),
        members=clean.members,
        labels=clean.labels,
        leak_free=clean.leak_free,
        logits=rows.reshape(len(CORRUPTION_KINDS), -1, NUM_TEST_PICTURES).astype("f2"),
    )


def embedding_map(network: str) -> EmbeddingMap:
    """Return a map: test picture i stands at (i, its label), training ones beside.

    Of the twenty training pictures FAKE ones stand at (0, 0), (2, 0) and so on, REAL
    ones at (1, 1), (3, 1) and so on; on UMAP's map everything is 100 further right.
    """
    labels = np.arange(20) % 2
    train = np.stack([np.arange(20), labels], axis=1).astype(np.float32)
    test = np.stack([np.arange(NUM_TEST_PICTURES), split().labels], axis=1)
    right = np.array([100, 0])
    return EmbeddingMap(
        network=network,
        model_sha256=sha256(network),
        train_sha256="",
        explained=0.96,
        mean=np.zeros(2, np.float32),
        axes=np.eye(2, dtype=np.float32),
        steps=np.ones(2, np.float32),
        test=test.astype(np.float32),
        train=train,
        labels=labels.astype(np.int8),
        object_classes=np.full(20, 5, np.int8),
        test_pca=test.astype(np.float16),
        train_pca=train.astype(np.float16),
        test_umap=(test + right).astype(np.float16),
        train_umap=(train + right).astype(np.float16),
    )


def card(network: str) -> dict[str, object]:
    """Return the card of a trained network that was tested; `scores` tell on what."""
    reports = {
        key: report_to_json(
            scores(network, wrong={0: 4.0, 40: -9.0}).report(leak_free=leak_free)
        )
        for key, leak_free in (("official", False), ("leak_free", True))
    }
    return {
        "name": network,
        "model_sha256": sha256(network),
        "parameters": 288_481,
        "multiply_adds": 38_633_600,
        "temperature": 1.25,
        "logit_shift": 0.75,
        "training": {"num_training": 90_000, "num_validation": 10_000},
        "config": {
            "epochs": 12,
            "learning_rate": 0.1,
            "seed": 7,
            "new_setting": 0.5,
            "augmentation": {"corrupted": 0.4, "jpeg_quality": 30},
        },
        "code_version": "0.1.0",
        "versions": {"keras": "3.15.1", "numpy": "2.4.6"},
        "seconds": 3_600.0,
        "validation": reports["official"],
        "test": reports,
    }


def bare_card(network: str) -> dict[str, object]:
    """Return a card that holds no more than every card must."""
    return {"name": network, "model_sha256": sha256(network)}


def trust_table(network: str, method: str) -> TrustTable:
    """Return a table of one network in which that method did best of two."""
    names = {"gradcam": 0.5, method: 1.25}
    curves = tuple(
        TrustRow(
            network=network,
            method=name,
            replacement=replacement,
            n=100,
            score=Estimate(value=score, low=score - 0.25, high=score + 0.25),
            **dict.fromkeys(_FIGURES, Estimate(value=0.0, low=0.0, high=0.0)),
        )
        for name, score in names.items()
        for replacement in (ALL_REPLACEMENTS, *PIXEL_REPLACEMENTS)
    )
    splices = tuple(
        SpliceRow(
            network=network,
            method=name,
            n=300,
            share=Estimate(value=0.25, low=0.2, high=0.3),
            area=0.15,
            maximum_inside=Estimate(value=0.5, low=0.4, high=0.6),
        )
        for name in names
    )
    gone = (Estimate(value=0.0, low=0.0, high=0.1),)
    sanity = tuple(
        SanityRow(
            network=network, method=name, n=10, layers=("head",), correlations=gone
        )
        for name in names
    )
    return TrustTable(
        settings={},
        model_sha256={network: sha256(network)},
        data_digest="",
        versions={},
        seconds=1.0,
        num_errors=25,
        positions=(),
        curves=curves,
        splices=splices,
        sanity=sanity,
    )
