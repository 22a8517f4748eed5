"""Scores of the test set: written whole, read as written, tied to their weights."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cifake_core.basics.errors import ModelUnavailableError, UnknownNameError
from cifake_core.data import cifake
from cifake_core.evaluation import scores
from cifake_core.evaluation.metrics import evaluate_logits, report_to_json
from cifake_core.evaluation.scores import Scores
from cifake_core.evaluation.stacking import fit_ensemble
from cifake_core.networks import store
from tests.cards import network_card
from tests.fakes import constant_probe, random_probe
from tests.models import validation_scores

ARRAYS = (
    "members",
    "labels",
    "object_classes",
    "logits",
    "in_training",
    "repeats",
)


@pytest.fixture
def models(tmp_path):
    """Return a folder with the cards of two networks and no scores."""
    for name in ("cnn", "cnn3d"):
        (tmp_path / name).mkdir()
        store.write_card(tmp_path / name, network_card("cnn", f"sha of {name}"))
    return tmp_path


def scores_of(network: str, logits: list[float], *, prefix: str = "") -> Scores:
    """Return scores of four pictures; the second is leaked, the last a repeat."""
    files = ["FAKE/0.jpg", "FAKE/1.jpg", "REAL/0000.jpg", "REAL/0001.jpg"]
    return Scores(
        network=network,
        model_sha256=f"sha of {network}",
        members=np.array([f"{prefix}test/{file}" for file in files]),
        labels=np.array([0, 0, 1, 1], np.int8),
        object_classes=np.array([0, 3, 0, -1], np.int8),
        logits=np.array(logits, np.float32),
        seen_classes=np.array([0, 3, 9, -1], np.int8),
        in_training=np.array([False, True, False, False]),
        repeats=np.array([False, False, False, True]),
    )


def write(models, *many: Scores) -> None:
    """Write each beside its network's card."""
    for one in many:
        scores.write(one, models / one.network)


def validate(models) -> None:
    """Write what both networks say of the validation pictures."""
    for seed, name in enumerate(("cnn", "cnn3d")):
        made = validation_scores(name, f"sha of {name}", seed=seed)
        scores.write(made, models / name, store.VALIDATION_FILE)
    fit_ensemble("ensemble", models)


def test_what_is_written_is_read(models):
    """Every column comes back with its values and its type."""
    written = scores_of("cnn", [-1.25, 2.5, 3e-8, 1e6])
    write(models, written)

    read = scores.read("cnn", models)

    assert (read.network, read.model_sha256) == ("cnn", "sha of cnn")
    for name in ARRAYS:
        ours, theirs = getattr(read, name), getattr(written, name)
        np.testing.assert_array_equal(ours, theirs)
        assert ours.dtype == theirs.dtype


def test_writing_again_replaces(models):
    """The newer scores stand alone: no scratch file is left."""
    write(models, scores_of("cnn", [1, 1, 1, 1]), scores_of("cnn", [2, 2, 2, 2]))

    read = scores.read("cnn", models)

    np.testing.assert_array_equal(read.logits, 2)
    files = {file.name for file in (models / "cnn").iterdir()}
    assert files == {store.CARD_FILE, store.SCORES_FILE}


@pytest.mark.parametrize("prefix", ["", "cifake/"])
def test_an_ensembles_scores_follow_from_its_members(models, prefix):
    """Its logits are their weighted sum, wherever their data sets lay."""
    validate(models)
    write(
        models,
        scores_of("cnn", [-4, -2, 2, 4]),
        scores_of("cnn3d", [-2, 3, 1, 0], prefix=prefix),
    )

    read = scores.read("ensemble", models)

    first, second = store.ensemble_weights("ensemble", models).values()
    assert first != second
    expected = np.array([-4, -2, 2, 4]) * first + np.array([-2, 3, 1, 0]) * second
    np.testing.assert_allclose(read.logits, expected, rtol=1e-6)
    assert read.logits.dtype == np.float32
    assert read.network == "ensemble"
    assert read.model_sha256 == store.revision("ensemble", models)
    np.testing.assert_array_equal(read.labels, [0, 0, 1, 1])


def test_members_must_have_seen_the_same_pictures(models):
    """A mean over other pictures would be no network's answer."""
    validate(models)
    other = scores_of("cnn3d", [-2, 3, 1, 0])
    other.members[0] = "test/FAKE/7.jpg"
    write(models, scores_of("cnn", [-4, -2, 2, 4]), other)

    with pytest.raises(ModelUnavailableError, match="not on the same pictures"):
        scores.read("ensemble", models)


@pytest.mark.parametrize("name", ["cnn3d", "ensemble"])
def test_missing_scores_say_how_to_make_them(models, name):
    """The sentence holds the command for the network that lacks them."""
    validate(models)
    write(models, scores_of("cnn", [-4, -2, 2, 4]))

    with pytest.raises(ModelUnavailableError, match="evaluate cnn3d --save"):
        scores.read(name, models)


@pytest.mark.parametrize("column", [*ARRAYS, "model_sha256"])
def test_a_table_without_a_column_is_refused(models, column):
    """Scores of another version are named, not half read."""
    write(models, scores_of("cnn", [-4, -2, 2, 4]))
    path = models / "cnn" / store.SCORES_FILE
    pd.read_parquet(path).drop(columns=column).to_parquet(path, index=False)

    with pytest.raises(ModelUnavailableError, match=r"cannot be read.*--save"):
        scores.read("cnn", models)


def test_an_unknown_network_is_refused(models):
    """The sentence lists the networks."""
    with pytest.raises(UnknownNameError, match="no network called 'vgg'"):
        scores.read("vgg", models)


def test_leak_free_leaves_out_leaked_and_repeated():
    """The leak-free set lacks what was trained on and what is there twice."""
    marked = scores_of("cnn", [-4, -2, 2, 4])

    np.testing.assert_array_equal(marked.leak_free, [True, False, True, False])


@pytest.mark.parametrize(
    ("leak_free", "chosen"), [(False, [0, 1, 2, 3]), (True, [0, 2])]
)
def test_a_report_is_the_evaluation_of_its_pictures(leak_free, chosen):
    """Both test sets are evaluated as `evaluation` does it."""
    made = scores_of("cnn", [-4, 3, 2, -1])

    report = made.report(leak_free=leak_free)

    expected = evaluate_logits(made.labels[chosen], made.logits[chosen])
    assert report_to_json(replace(report, objects=None)) == report_to_json(expected)
    assert report.objects.accuracy.value == (1 / 2 if leak_free else 2 / 3)
    assert report.n == len(chosen)
    assert report.accuracy.value == (1.0 if leak_free else 0.5)


def test_every_test_picture_is_scored(tiny_dataset, monkeypatch):
    """Logits are the network's own, in order, however the set is cut."""
    monkeypatch.setattr(scores, "_CHUNK", 5)
    test, train = (cifake.load(tiny_dataset, split) for split in ("test", "train"))
    network, told = random_probe("rgb", 1), []

    made = scores.score(network, test, train, progress=told.append)

    np.testing.assert_allclose(made.logits, network.logits(test.images), rtol=1e-5)
    np.testing.assert_array_equal(made.members, test.members)
    np.testing.assert_array_equal(made.labels, test.labels)
    assert network.calls[:3] == [5, 5, 2]
    assert told == [5 / 12, 10 / 12, 1.0]
    assert (made.network, made.model_sha256) == ("cnn", network.sha256)


def test_leaks_are_marked_as_the_data_set_says(tiny_dataset):
    """One test picture stands in training and one twice in the test set."""
    test, train = (cifake.load(tiny_dataset, split) for split in ("test", "train"))

    made = scores.score(constant_probe("rgb", 1), test, train)

    assert (made.in_training.sum(), made.repeats.sum()) == (1, 1)
    np.testing.assert_array_equal(made.leak_free, cifake.leak_free(test, train))
