"""Artefacts on disk: one contract for every file that a command leaves behind.

Each is written whole or not at all, comes back as it was, and is refused with a
sentence that names file and remedy if it is missing, damaged, of another schema or
made with other weights.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from cifake_core.attention import records as attention
from cifake_core.attention.records import Attention
from cifake_core.basics.errors import (
    CifakeError,
    ModelUnavailableError,
    NotMadeError,
    TrainingError,
)
from cifake_core.basics.estimates import proportion
from cifake_core.data import facts
from cifake_core.data.cifake import Split
from cifake_core.data.datasets import index as data_set_index
from cifake_core.data.datasets.records import Check, DataSetCard
from cifake_core.data.facts import CopyRow, DataFacts, Part
from cifake_core.evaluation import (
    embedding_map,
    generator_scores,
    leave_one_out,
    robustness,
    scores,
)
from cifake_core.evaluation.embedding_map import EmbeddingMap
from cifake_core.evaluation.generator_scores import GeneratorScores
from cifake_core.evaluation.robustness import CorruptionScores
from cifake_core.generators import gallery, weights
from cifake_core.networks import store
from cifake_core.networks.inspection import layer_summary
from cifake_core.papers import bird_lotfi_search
from cifake_core.papers.bird_lotfi_search import Ranking
from cifake_core.papers.bird_lotfi_trial import SearchConfig, Topology, Trial
from cifake_core.pictures.corruptions import CORRUPTION_KINDS
from cifake_core.pictures.statistics import NUM_RINGS, Spectrum
from cifake_core.training import run_folder
from cifake_core.training.run_folder import Checkpoint
from cifake_core.trust import table as trust_table
from cifake_core.trust.table import SanityRow, TrustTable
from cifake_core.verdicts import card as policy_card
from cifake_core.verdicts import mahalanobis, scope
from cifake_core.verdicts.rule import AbstainThresholds
from cifake_core.verdicts.scope_words import CIFAKE_GENERATOR
from tests import made_attention
from tests.cards import ensemble_card, metrics, network_card
from tests.made_generators import generator_card, made_gallery
from tests.made_study import study_card
from tests.models import validation_scores
from tests.policies import policy_record

HASHES = {"cnn": "a1" * 32, "cnn3d": "b2" * 32, "cnn_multi": "d4" * 32}


@dataclass(frozen=True, kw_only=True, eq=False)
class Artefact:
    """A kind of file: how it is written to a folder of models, read, and made anew.

    `weights` says whether it must be refused once the weights of "cnn" are others.
    """

    file: str
    write: Callable[[Path], object]
    read: Callable[[Path], object]
    remedy: str
    weights: bool = False
    missing: str = ""


def corruption_scores(network: str) -> CorruptionScores:
    """Scores of four pictures that are right at every strength."""
    labels = np.array([0, 0, 1, 1], np.int8)
    shape = (len(CORRUPTION_KINDS), 5, 4)
    return CorruptionScores(
        network=network,
        model_sha256=HASHES[network],
        members=np.array([f"test/{number}.jpg" for number in range(4)]),
        labels=labels,
        leak_free=np.ones(4, np.bool_),
        logits=np.broadcast_to(labels * 2.0 - 1, shape).astype(np.float16),
    )


def generator_answers(network: str) -> GeneratorScores:
    """Scores of three pictures of one generator in either part."""
    logits = {"flow": np.array([-1, 0.5, 2], np.float32)}
    return GeneratorScores(
        network=network,
        model_sha256=HASHES[network],
        pictures_sha256="p5",
        validation=logits,
        test=logits,
    )


def two_dimensional_map() -> EmbeddingMap:
    """Map of three test and four training pictures."""
    places = np.arange(14, dtype=np.float32).reshape(7, 2)
    return EmbeddingMap(
        network="cnn",
        model_sha256=HASHES["cnn"],
        train_sha256="c3",
        explained=0.75,
        mean=np.zeros(2, np.float32),
        axes=np.eye(2, dtype=np.float32),
        steps=np.ones(2, np.float32),
        test=places[:3],
        train=places[3:],
        labels=np.array([0, 1, 0, 1], np.int8),
        object_classes=np.zeros(4, np.int8),
        test_pca=places[:3].astype(np.float16),
        train_pca=places[3:].astype(np.float16),
        test_umap=places[:3].astype(np.float16),
        train_umap=places[3:].astype(np.float16),
    )


def attention_study() -> Attention:
    """Study of two test pictures, one of each label."""
    numbers = np.arange(2, dtype=np.int8)
    return made_attention.attention(
        "cnn",
        HASHES["cnn"],
        Split(
            name="test",
            images=np.zeros((2, 32, 32, 3), np.uint8),
            labels=numbers,
            object_classes=numbers,
            hashes=np.array(["a1", "b2"]),
            members=np.array(["test/FAKE/0.jpg", "test/REAL/1.jpg"]),
        ),
    )


def data_facts() -> DataFacts:
    """Facts on two test pictures."""
    ring = proportion(1, 2)
    return DataFacts(
        data_digest="d4",
        members_sha256="e5",
        counts={"test/FAKE": 1, "test/REAL": 1},
        duplicates={"pairs_across": 1},
        copies=(
            CopyRow(
                label="REAL",
                object_class="cat",
                within_train=1,
                within_test=0,
                across=1,
            ),
        ),
        cues={"colour": Part(n=2, accuracy=proportion(1, 2))},
        spectra={
            label: Spectrum(
                n=2, decibels=np.zeros((32, 32), np.float32), rings=(ring,) * NUM_RINGS
            )
            for label in ("FAKE", "REAL")
        },
        labels=np.array([0, 1], np.int8),
        spreads=np.array([2, 30], np.float16),
        means=np.zeros((2, 10, 32, 32, 3), np.uint8),
    )


def trust() -> TrustTable:
    """Table of one network with one row."""
    return TrustTable(
        settings={"num_pictures": 2, "share": 0.5},
        model_sha256={"cnn": HASHES["cnn"]},
        data_digest="d4",
        versions={"keras": "3"},
        seconds=1.5,
        num_errors=1,
        positions=(3, 1),
        curves=(),
        splices=(),
        sanity=(
            SanityRow(
                network="cnn",
                method="lime",
                n=2,
                layers=("logit",),
                correlations=(proportion(1, 2),),
            ),
        ),
    )


def ranking() -> Ranking:
    """Ranking of one network."""
    return Ranking(
        config=SearchConfig(epochs=1),
        train_digest="f6",
        num_validation=10,
        trials=(
            Trial(
                topology=Topology(convolutions=1, filters=16),
                parameters=5,
                multiply_adds=7,
                validation_accuracy=0.9,
                validation_loss=0.3,
                seconds=1.0,
            ),
        ),
    )


def checkpoint() -> Checkpoint:
    """Checkpoint of two variables after one epoch."""
    return Checkpoint(
        network="cnn",
        settings={"epochs": 3, "augmentation": {"shift": 3}},
        history=[{"epoch": 1, "loss": 0.5}],
        arrays=[np.ones((2, 3), np.float32), np.array(7, np.int64)],
        train_digest="d1",
    )


def thresholds() -> AbstainThresholds:
    """Thresholds by hand."""
    return AbstainThresholds(
        max_grid_distance=0.14,
        max_feature_distance=9.0,
        min_confidence=0.7,
        clear_confidence=0.95,
        min_kept=12,
        expert_fake=0.99,
        expert_doubt=0.8,
        expert_veto=0.05,
    )


def scope_record() -> scope.ScopeCard:
    """Card on four fakes by one generator."""
    row = scope.UnseenRow(
        n=4,
        recall=proportion(1, 4),
        roc_auc=proportion(1, 2),
        verdicts={"REAL": 3, "FAKE": 1, "UNSURE": 0},
    )
    return scope.ScopeCard(
        known=(CIFAKE_GENERATOR,),
        unseen={"gan": row},
        n_unseen=4,
        unseen_recall=proportion(1, 4),
        model_sha256=HASHES,
        fakes="fakes.zip",
        fakes_digest="f1",
    )


def domain() -> mahalanobis.Domain:
    """Domain of our networks with three features."""
    features = np.random.RandomState(0).normal(size=(20, 3)).astype(np.float32)
    return mahalanobis.fit(dict.fromkeys(HASHES, features), model_sha256=HASHES)


def data_set_card() -> DataSetCard:
    """Card of a set of two pictures, one of which is left out."""
    return DataSetCard(
        name="new",
        source="/pictures",
        layout="labels",
        added="2026-01-01T00:00:00+00:00",
        digest="d4",
        counts={"training": {"REAL": 1}, "validation": {}, "test": {}},
        sizes={"32x32": 1},
        left_out={"FAKE/1.jpg": "The file is empty."},
        checks=(Check(name="Readable", passed=True, sentence="It is.", value=1.0),),
    )


def data_set_rows() -> pd.DataFrame:
    """Rows of forty pictures."""
    numbers = np.arange(40)
    return pd.DataFrame(
        {
            "member": [f"REAL/{number}.jpg" for number in numbers],
            "sha256": [f"{number:064x}" for number in numbers],
            "pixels": [f"{number:064x}" for number in numbers],
            "num_bytes": numbers,
            "label": np.ones(40, np.int8),
            "generator": "",
            "object_class": np.zeros(40, np.int8),
            "part": "training",
            "by_hand": False,
        }
    )


def in_use(models: Path) -> dict[str, str]:
    """The hashes of the networks in a folder."""
    return {name: store.revision(name, models) for name in HASHES}


def validation(network: str) -> scores.Scores:
    """Scores of forty pictures."""
    return validation_scores(network, HASHES[network])


ARTEFACTS = {
    "network's card": Artefact(
        file="pavani/card.json",
        write=lambda models: store.write_card(
            models / "pavani",
            network_card(
                "pavani",
                "c3",
                test={"official": metrics(objects=True), "leak_free": metrics()},
            ),
        ),
        read=lambda models: store.load_card(models / "pavani"),
        remedy="reproduce pavani`",
    ),
    "ensemble's card": Artefact(
        file="ensemble/card.json",
        write=lambda models: store.write_card(
            models / "ensemble", ensemble_card(HASHES["cnn"], HASHES["cnn3d"])
        ),
        read=lambda models: store.ensemble_weights("ensemble", models),
        remedy="ensemble ensemble`",
        weights=True,
    ),
    "test scores": Artefact(
        file="cnn/test_scores.parquet",
        write=lambda models: scores.write(validation("cnn"), models / "cnn"),
        read=lambda models: scores.read("cnn", models),
        remedy="evaluate cnn --save`",
        weights=True,
    ),
    "validation scores": Artefact(
        file="cnn/validation_scores.parquet",
        write=lambda models: scores.write(
            validation("cnn"), models / "cnn", store.VALIDATION_FILE
        ),
        read=lambda models: scores.read("cnn", models, store.VALIDATION_FILE),
        remedy="train cnn`",
        weights=True,
    ),
    "corruption scores": Artefact(
        file="cnn/corruption_scores.parquet",
        write=lambda models: robustness.write(corruption_scores("cnn"), models / "cnn"),
        read=lambda models: robustness.read("cnn", models),
        remedy="evaluate cnn --corruptions --save`",
        weights=True,
    ),
    "scores on the generators": Artefact(
        file="cnn/generators.npz",
        write=lambda models: generator_scores.write(
            generator_answers("cnn"), models / "cnn"
        ),
        read=lambda models: generator_scores.read("cnn", models),
        remedy="evaluate cnn --generators --save`",
        weights=True,
    ),
    "embedding map": Artefact(
        file="cnn/embedding_map.npz",
        write=lambda models: embedding_map.write(two_dimensional_map(), models / "cnn"),
        read=lambda models: embedding_map.read("cnn", models),
        remedy="map cnn`",
        weights=True,
    ),
    "attention study": Artefact(
        file="cnn/attention.npz",
        write=lambda models: attention.write(attention_study(), models / "cnn"),
        read=lambda models: attention.read("cnn", models),
        remedy="attention cnn`",
        weights=True,
    ),
    "card on verdicts": Artefact(
        file="policy.json",
        write=lambda models: policy_card.write(
            policy_record(thresholds(), HASHES), models
        ),
        read=lambda models: policy_card.read(in_use(models), models),
        remedy="policy`",
        weights=True,
    ),
    "card on the scope of verdicts": Artefact(
        file="scope.json",
        write=lambda models: scope.write(scope_record(), models),
        read=lambda models: scope.read(in_use(models), models),
        remedy="evaluate cnn_multi --fakes FOLDER --save`",
        weights=True,
    ),
    "domain": Artefact(
        file="domain.npz",
        write=lambda models: mahalanobis.write(domain(), models),
        read=lambda models: mahalanobis.read(in_use(models), models),
        remedy="policy`",
        weights=True,
    ),
    "trust table": Artefact(
        file="trust.json",
        write=lambda models: trust_table.write(trust(), models),
        read=trust_table.read,
        remedy="trust`",
        weights=True,
    ),
    "facts": Artefact(
        file="data_facts.npz",
        write=lambda models: facts.write(data_facts(), models),
        read=facts.read,
        remedy="data facts`",
    ),
    "ranking": Artefact(
        file="b_search.json",
        write=lambda models: bird_lotfi_search.write_ranking(
            ranking(), models / bird_lotfi_search.RANKING_FILE
        ),
        read=lambda models: bird_lotfi_search.read_ranking(
            models / bird_lotfi_search.RANKING_FILE
        ),
        remedy="reproduce b-search`",
    ),
    "layers": Artefact(
        file="paper_layers.json",
        write=layer_summary.write,
        read=layer_summary.read,
        remedy="layers`",
    ),
    "generator's card": Artefact(
        file="flow/card.json",
        write=lambda models: weights.write_card(
            generator_card("flow", "a1"), models / "flow"
        ),
        read=lambda models: weights.read_card(models / "flow"),
        remedy="generators train flow`",
    ),
    "generator's weights": Artefact(
        file="flow/weights.npz",
        write=lambda models: weights.write(
            "flow", {"network/000": np.ones(2000, np.float32)}, models / "flow"
        ),
        read=lambda models: weights.read("flow", models / "flow"),
        remedy="generators train flow`",
    ),
    "gallery": Artefact(
        file="gan_resize/gallery.npz",
        write=lambda models: gallery.write(made_gallery("gan_resize", "a1"), models),
        read=lambda models: gallery.read("gan_resize", models),
        remedy="generators gallery gan_resize`",
    ),
    "study of generators": Artefact(
        file="study.json",
        write=lambda models: leave_one_out.write(study_card(in_use(models)), models),
        read=lambda models: leave_one_out.read(in_use(models), models),
        remedy="generators study`",
        weights=True,
    ),
    "card of a data set": Artefact(
        file="new/card.json",
        write=lambda models: data_set_index.write_card(data_set_card(), models / "new"),
        read=lambda models: data_set_index.read_card(models / "new"),
        remedy="data remove new`",
    ),
    "index of a data set": Artefact(
        file="new/index.parquet",
        write=lambda models: data_set_index.write_index(
            data_set_rows(), models / "new"
        ),
        read=lambda models: data_set_index.read_index(models / "new"),
        remedy="data remove new`",
    ),
    "checkpoint": Artefact(
        file="checkpoint.npz",
        write=lambda models: run_folder.write_checkpoint(models, checkpoint()),
        read=run_folder.read_checkpoint,
        remedy="Delete it and start anew",
        missing="without --resume",
    ),
}


#: The table of layers builds the papers' networks, which takes seconds.
NAMES = [
    pytest.param(name, marks=pytest.mark.slow if name == "layers" else ())
    for name in ARTEFACTS
]
RECORDS = [
    name
    for name, each in ARTEFACTS.items()
    if not each.file.endswith(".parquet") and name != "layers"
]
OF_WEIGHTS = [name for name, each in ARTEFACTS.items() if each.weights]


@pytest.fixture
def models(tmp_path) -> Path:
    """Folder of models with the cards of our networks and no artefact."""
    for name, sha256 in HASHES.items():
        (tmp_path / name).mkdir()
        store.write_card(tmp_path / name, network_card(name, sha256))
    for name in ("pavani", "ensemble", "flow", "new"):
        (tmp_path / name).mkdir()
    weights.write_card(generator_card("gan_resize", "a1"), tmp_path / "gan_resize")
    return tmp_path


@pytest.fixture(params=NAMES)
def artefact(request) -> Artefact:
    """Each kind of artefact."""
    return ARTEFACTS[request.param]


@pytest.fixture
def path(artefact: Artefact, models: Path) -> Path:
    """Place of an artefact that was written."""
    artefact.write(models)
    return models / artefact.file


def files_in(folder: Path) -> set[str]:
    """Every file and folder below a folder."""
    return {each.relative_to(folder).as_posix() for each in folder.rglob("*")}


def refused(artefact: Artefact, models: Path, *, because: str) -> CifakeError:
    """The refusal to read an artefact, which names the file and the remedy."""
    with pytest.raises(CifakeError, match=because) as told:
        artefact.read(models)
    assert str(models / artefact.file) in str(told.value)
    assert artefact.remedy in str(told.value)
    return told.value


def rewrite(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Let `change` edit the record of an artefact, or a table's metadata."""
    if path.suffix == ".json":
        held = json.loads(path.read_text("utf-8"))
        change(held)
        path.write_text(json.dumps(held), "utf-8")
    elif path.suffix == ".npz":
        with np.load(path) as file:
            arrays = dict(file)
        held = json.loads(str(arrays["header"]))
        change(held)
        np.savez(path, **arrays | {"header": np.array(json.dumps(held))})
    else:
        table = pq.read_table(path)
        facts = {key.decode(): each for key, each in table.schema.metadata.items()}
        change(facts)
        facts = {key: str(each) for key, each in facts.items()}
        pq.write_table(table.replace_schema_metadata(facts), path)


def test_what_is_written_is_read(artefact, path, models):
    """It can be read, and nothing is left beside it, however often it is written."""
    before = files_in(models)

    artefact.write(models)

    assert artefact.read(models) is not None
    assert files_in(models) == before
    assert path.is_file()


def test_a_full_disk_leaves_what_was_there(artefact, path, models):
    """The system's own limit on a file's size stops the write; no half file stays."""
    resource = pytest.importorskip("resource")
    before, names = path.read_bytes(), files_in(models)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16, limits[1]))

    try:
        with pytest.raises((OSError, CifakeError), match="too large"):
            artefact.write(models)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert path.read_bytes() == before
    assert files_in(models) == names


def test_a_place_that_is_taken_leaves_nothing(artefact, models):
    """Where a folder stands in the way, no scratch file stays beside it."""
    (models / artefact.file / "in the way").mkdir(parents=True)
    names = files_in(models)

    with pytest.raises((OSError, CifakeError)):
        artefact.write(models)

    assert files_in(models) - names <= {store.HISTORY_FILE}  # whole, by itself


def test_a_missing_one_says_how_to_make_it(artefact, models):
    """It is told apart from a damaged one."""
    sentence = artefact.missing or artefact.remedy

    with pytest.raises(CifakeError, match=sentence) as told:
        artefact.read(models)

    assert isinstance(told.value, NotMadeError) or artefact.missing
    assert str(models) in str(told.value)


@pytest.mark.parametrize("share", [0, 0.5, 0.98])
def test_a_cut_off_one_is_refused(artefact, path, models, share):
    """A copy that was broken off is no artefact, and not one that lacks either."""
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])

    error = refused(artefact, models, because="cannot be read")

    assert not isinstance(error, NotMadeError)


def test_flipped_bytes_are_one_sentence_or_harmless(artefact, path, models):
    """Whatever library stumbles over them; some lie where nobody looks."""
    data, random = path.read_bytes(), np.random.RandomState(0)
    for _ in range(40):
        flipped = np.frombuffer(data, np.uint8).copy()
        flipped[random.randint(len(data), size=3)] = random.randint(256, size=3)
        path.write_bytes(flipped.tobytes())

        with suppress(ModelUnavailableError, TrainingError):
            artefact.read(models)


def test_noise_is_refused(artefact, path, models):
    """Bytes that nobody wrote."""
    path.write_bytes(np.random.RandomState(0).bytes(300))

    refused(artefact, models, because="cannot be read")


def test_another_schema_is_refused(artefact, path, models):
    """The sentence has both numbers."""
    rewrite(path, lambda held: held.update(schema=99))

    refused(artefact, models, because="of schema 99, this version reads schema 1")


@pytest.mark.parametrize("artefact", RECORDS, indirect=True)
def test_an_unknown_key_is_refused(artefact, path, models):
    """What nobody knows may matter; a table alone may have further columns."""
    rewrite(path, lambda held: held.update(surprise=1))

    refused(artefact, models, because="surprise")


def test_a_missing_key_is_refused(artefact, path, models):
    """Nothing is half read."""
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        table = table.drop_columns(table.column_names[0])
        pq.write_table(table, path)
    else:
        rewrite(path, lambda held: held.pop([*held][1]))

    refused(artefact, models, because="cannot be read")


@pytest.mark.parametrize("artefact", OF_WEIGHTS, indirect=True)
@pytest.mark.usefixtures("path")
def test_one_of_other_weights_is_refused(artefact, models):
    """New weights are never shown with the old ones' figures."""
    artefact.read(models)
    store.write_card(models / "cnn", network_card("cnn", "c3" * 32))

    refused(artefact, models, because="made with other weights of cnn")


def test_an_ensemble_whose_hash_is_not_its_own_is_refused(models):
    """Weights that were edited by hand are not those that the hash is of."""
    card = ensemble_card(HASHES["cnn"], HASHES["cnn3d"])
    store.write_card(models / "ensemble", replace(card, weights={"cnn": 1, "cnn3d": 0}))

    with pytest.raises(CifakeError, match=r"card.json is not that of an ensemble of"):
        store.revision("ensemble", models)
