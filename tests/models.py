"""Folders of trained networks: with random weights, and made by hand with all files."""

import csv
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cifake_core.attention import records as attention
from cifake_core.basics.places import ASSETS, MODELS_VARIABLE
from cifake_core.data import cifake, facts
from cifake_core.evaluation import (
    embedding_map,
    generator_scores,
    leave_one_out,
    robustness,
    scores,
    stacking,
)
from cifake_core.generators import gallery, service, weights
from cifake_core.generators.catalogue import GENERATORS
from cifake_core.networks import NETWORKS, OWN, store
from cifake_core.networks.pool import NetworkPool
from cifake_core.pictures.reading import read_picture
from cifake_core.verdicts import card as policy
from cifake_core.verdicts import mahalanobis
from cifake_core.workbench import Workbench
from cifake_core.workbench.examples import EXAMPLES
from tests import (
    made_attention,
    made_data,
    made_generators,
    made_networks,
    made_records,
    made_scopes,
    made_study,
)
from tests.cards import network_card

#: From changes to the folder that has them, which the app is given at once.
Remake = Callable[..., Path]
#: Our own networks that have weights.
_MEMBERS = tuple(name for name in OWN if not NETWORKS[name].members)


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


@pytest.fixture(scope="session")
def made_dataset(tmp_path_factory) -> Path:
    """The data set made by hand; read it, don't change it."""
    return made_data.write(tmp_path_factory.mktemp("data") / "cifake")


@pytest.fixture(scope="session")
def made_models(made_dataset, tmp_path_factory) -> Path:
    """A folder of networks made by hand with every file there is on them.

    Read it, don't change it: `remake` gives a copy with changes.
    """
    models = tmp_path_factory.mktemp("made")
    for name in _MEMBERS:
        save_network(models, name)
    write_scores(models, made_dataset)
    stacking.fit_ensemble("ensemble", models)
    write_policy(models)
    made_scopes.write_scope(models)
    train = cifake.load(made_dataset, "train")
    features = write_domain(models, train)
    hashes = {name: store.revision(name, models) for name in _MEMBERS}
    test = cifake.load(made_dataset, "test")
    facts.write(made_records.data_facts(test), models)
    for name, found in features.items():
        made = made_records.embedding_map(
            name, hashes[name], test, train, num_features=found.shape[1]
        )
        embedding_map.write(made, models / name)
    for name in ("cnn", "cnn3d"):
        attention.write(
            made_attention.attention(name, hashes[name], test), models / name
        )
    write_history(models / "cnn")
    write_generators(models)
    write_examples(models)
    return models


def save_network(models: Path, name: str, model: Any = None) -> None:
    """Write a network, by default the one made by hand, with the least of cards."""
    folder = models / name
    folder.mkdir(exist_ok=True)
    sha256 = store.save_model(model or made_networks.MAKERS[name](), folder)
    store.write_card(folder, network_card(name, sha256))


def write_scores(
    models: Path,
    data: Path,
    *,
    wrong: Mapping[str, Mapping[int, float]] | None = None,
    flips: Mapping[str, Mapping[int, float]] = made_records.FLIPS,
) -> None:
    """Write every kind of scores of the networks in `models`, and their cards.

    Args:
        models: the folder of networks.
        data: the data set.
        wrong: the logits of wrongly called pictures, by the network's name.
        flips: the logits of pictures after a corruption, by its name.
    """
    test, train = (cifake.load(data, name) for name in ("test", "train"))
    for name in _MEMBERS:
        folder = models / name
        if not folder.is_dir():
            continue
        errors = made_records.WRONG if wrong is None else wrong.get(name, {})
        sha256 = store.revision(name, models)
        clean = made_records.scores(name, sha256, test, train, errors)
        scores.write(clean, folder)
        held_out = made_records.validation_scores(clean)
        scores.write(held_out, folder, store.VALIDATION_FILE)
        robustness.write(made_records.corruption_scores(clean, flips), folder)
        store.write_card(folder, made_records.card(clean))


def write_domain(models: Path, train: cifake.Split) -> dict[str, np.ndarray]:
    """Write where the networks' features lie; return these, by network."""
    pool = NetworkPool(models)
    features = {
        name: embedding_map.features_of(pool.network(name), train.images)
        for name in _MEMBERS
    }
    hashes = {name: store.revision(name, models) for name in _MEMBERS}
    mahalanobis.write(mahalanobis.fit(features, model_sha256=hashes), models)
    return features


def write_policy(models: Path) -> None:
    """Write the card on verdicts of the networks in `models`."""
    hashes = {name: store.revision(name, models) for name in store.available(models)}
    policy.write(made_records.policy_card(hashes), models)


def write_generators(models: Path) -> None:
    """Write what there is on generators: cards, galleries, scores, a study.

    Each network finds the flow's pictures and no other; of the generators one is real,
    though tiny, and passes photographs.
    """
    folder = models / service.FOLDER
    for name in made_generators.WIDTHS:
        card = made_generators.generator_card(name, "a1")
        weights.write_card(card, folder / name)
    made_generators.put_generator("kl_autoencoder", folder)
    for name, each in GENERATORS.items():
        owner = name if each.settings else str(each.needs)
        sha256 = weights.read_card(folder / owner).weights_sha256
        nothing = {"images": np.zeros((0, 32, 32, 3), np.uint8)}
        shown = {} if each.kind == "noise" else nothing
        made = made_generators.made_gallery(name, sha256, **shown)
        gallery.write(made, folder)
    for name in _MEMBERS:
        said = {
            each: np.full(20, -12 if each == "flow" else 12, np.float32)
            for each in GENERATORS
        }
        found = generator_scores.GeneratorScores(
            network=name,
            model_sha256=store.revision(name, models),
            pictures_sha256="e5",
            validation=said,
            test=said,
        )
        generator_scores.write(found, models / name)
    hashes = dict.fromkeys(made_study.FAMILIES.values(), "a1")
    leave_one_out.write(made_study.study_card(hashes), folder)


def write_examples(models: Path) -> None:
    """Write what the networks say of the samples on which the app opens."""
    bench = Workbench(models, user_data=models / "none")
    samples = [read_picture(ASSETS / "samples" / file) for file in EXAMPLES]
    bench.examples.make([each.pixels for each in samples])


def write_history(folder: Path) -> None:
    """Write the learning curves of two epochs."""
    names = ("epoch", "loss", "accuracy", "validation_loss", "validation_accuracy")
    with (folder / store.HISTORY_FILE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, (*names, "object_accuracy"))
        writer.writeheader()
        for value in (0.1, 0.2):
            writer.writerow(dict.fromkeys(writer.fieldnames, value))


@pytest.fixture
def made(made_models, made_dataset, monkeypatch) -> Path:
    """The networks made by hand, which the app is given with their data set."""
    monkeypatch.setenv(MODELS_VARIABLE, str(made_models))
    monkeypatch.setenv("CIFAKE_DATA", str(made_dataset))
    return made_models


@pytest.fixture
def remake(made, made_dataset, tmp_path, monkeypatch) -> Remake:
    """A function that gives the app a copy of the networks made by hand, changed."""

    def remake(
        *without: str,
        wrong: Mapping[str, Mapping[int, float]] | None = None,
        flips: Mapping[str, Mapping[int, float]] = made_records.FLIPS,
        damaged: tuple[str, ...] = (),
    ) -> Path:
        models = tmp_path / "models"
        shutil.copytree(made, models)
        if wrong is not None or flips is not made_records.FLIPS:
            write_scores(models, made_dataset, wrong=wrong, flips=flips)
        for pattern in without:
            for path in models.glob(pattern):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for name in damaged:
            (models / name).write_bytes(b"not what it was")
        monkeypatch.setenv(MODELS_VARIABLE, str(models))
        return models

    return remake


@pytest.fixture
def absent_dataset(made, tmp_path, monkeypatch) -> Path:
    """A place where the app looks for the data set, and there is none."""
    del made  # the networks are there
    path = tmp_path / "nowhere"
    monkeypatch.setenv("CIFAKE_DATA", str(path))
    return path


@pytest.fixture(scope="session")
def models_with_paper(made_models, tmp_path_factory) -> Path:
    """The folder of networks made by hand, with one of a paper; don't change it."""
    models = tmp_path_factory.mktemp("papers") / "models"
    shutil.copytree(made_models, models)
    save_network(models, "pavani")
    return models


@pytest.fixture
def with_paper(made, models_with_paper, monkeypatch) -> Path:
    """A folder with a paper's network beside our own, which the app is given."""
    del made  # the data set is there
    monkeypatch.setenv(MODELS_VARIABLE, str(models_with_paper))
    return models_with_paper


@pytest.fixture(scope="session")
def untested_models(made_models, tmp_path_factory) -> Path:
    """The networks made by hand, without any scores; don't change it."""
    models = tmp_path_factory.mktemp("untested") / "models"
    shutil.copytree(made_models, models)
    for path in models.glob("*/*_scores.parquet"):
        path.unlink()
    return models


@pytest.fixture
def without_scores(made, untested_models, monkeypatch) -> Path:
    """A folder of networks that were not tested, which the app is given."""
    del made  # the data set is there
    monkeypatch.setenv(MODELS_VARIABLE, str(untested_models))
    return untested_models


@pytest.fixture
def damaged_weights(made, models_with_paper, tmp_path, monkeypatch) -> Path:
    """A folder whose networks have other weights than their cards say."""
    del made  # the data set is there
    models = tmp_path / "damaged"
    shutil.copytree(models_with_paper, models)
    for path in models.glob("*/model.keras"):
        path.write_bytes(b"not what it was")
    monkeypatch.setenv(MODELS_VARIABLE, str(models))
    return models
