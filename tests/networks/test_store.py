"""Trained networks on disk: a card vouches for the weights, and faults are named."""

import json

import numpy as np
import pytest

from cifake_core.basics import files
from cifake_core.basics.errors import ModelUnavailableError, UnknownNameError
from cifake_core.networks import store
from tests.cards import ensemble_card, network_card, put_ensemble, put_network


def write_network(folder, *, weights: bytes = b"weights", sha256: str | None = None):
    """Write a folder with a card and bytes that stand for weights."""
    folder.mkdir(parents=True)
    path = folder / store.WEIGHTS_FILE
    path.write_bytes(weights)
    store.write_card(folder, network_card("cnn", sha256 or files.file_sha256(path)))
    return folder


def test_the_ensemble_needs_all_its_members(tmp_path):
    """A network is there when its weights are, the ensemble with a card of its own."""
    before = store.available(tmp_path)
    write_network(tmp_path / "cnn")
    (tmp_path / "ensemble").mkdir()
    store.write_card(tmp_path / "ensemble", ensemble_card("a1", "b2"))
    one = store.available(tmp_path)
    write_network(tmp_path / "cnn3d")
    put_ensemble(tmp_path)

    assert (before, one) == ((), ("cnn",))
    assert store.available(tmp_path) == ("cnn", "cnn3d", "ensemble")


def test_a_missing_network_is_told(tmp_path):
    """The message says how to make it."""
    with pytest.raises(ModelUnavailableError, match=r"cifake_core train cnn` and prom"):
        store.load_card(tmp_path / "cnn")


def test_the_revision_follows_the_weights(tmp_path):
    """An ensemble's card does not fit new weights of a member until it is fitted."""
    for name in ("cnn", "cnn3d"):
        write_network(tmp_path / name, sha256=name * 8)
    put_ensemble(tmp_path)
    before = store.revision("ensemble", tmp_path)

    put_network(tmp_path, "cnn", "other")

    assert store.revision("cnn", tmp_path) == "other"
    assert len(before) == 64
    with pytest.raises(ModelUnavailableError, match="made with other weights of cnn"):
        store.revision("ensemble", tmp_path)
    put_ensemble(tmp_path)
    assert store.revision("ensemble", tmp_path) != before


def test_an_unknown_network_is_told(tmp_path):
    """The message lists the networks there are."""
    with pytest.raises(UnknownNameError, match=r"no network called .vgg..*cnn, cnn3d"):
        store.revision("vgg", tmp_path)


def test_weights_that_the_card_does_not_know_are_refused(tmp_path):
    """Other bytes than the card's are not loaded, and Keras is not even asked."""
    folder = write_network(tmp_path / "cnn", sha256="0" * 64)

    with pytest.raises(ModelUnavailableError, match=r"SHA-256 000000000000…"):
        store.load_model(folder)


def test_a_card_without_weights_is_refused(tmp_path):
    """A half copy is told like wrong weights."""
    folder = write_network(tmp_path / "cnn")
    (folder / store.WEIGHTS_FILE).unlink()

    with pytest.raises(ModelUnavailableError, match="are missing or not the ones"):
        store.load_model(folder)


@pytest.mark.slow
def test_weights_that_keras_cannot_read_are_refused(tmp_path):
    """Bytes that no Keras wrote end in a sentence, though their card knows them."""
    folder = write_network(tmp_path / "cnn")

    with pytest.raises(ModelUnavailableError, match="do not fit this version of Keras"):
        store.load_model(folder)


@pytest.mark.slow
def test_a_saved_network_answers_as_before(tmp_path):
    """Saving and loading keep every weight, and the file is its card's."""
    import keras

    inputs = keras.Input((3,))
    model = keras.Model(inputs, keras.layers.Dense(1, name="logit")(inputs))

    sha256 = store.save_model(model, tmp_path)
    store.write_card(tmp_path, network_card("cnn", sha256))

    loaded = store.load_model(tmp_path)
    x = np.ones((1, 3), np.float32)
    assert np.array_equal(np.asarray(loaded(x)), np.asarray(model(x)))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["card.json", "model.keras"]
    assert (
        json.loads((tmp_path / store.CARD_FILE).read_text())["model_sha256"] == sha256
    )


@pytest.mark.slow
def test_weights_that_do_not_fit_the_disk_leave_those_before(tmp_path):
    """The system's own limit on a file's size stops the write; nothing half stays."""
    import keras

    resource = pytest.importorskip("resource")
    folder = write_network(tmp_path / "cnn")
    before = (folder / store.WEIGHTS_FILE).read_bytes()
    inputs = keras.Input((300,))
    model = keras.Model(inputs, keras.layers.Dense(300)(inputs))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limits[1]))

    try:
        with pytest.raises(OSError, match="too large"):
            store.save_model(model, folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert sorted(p.name for p in folder.iterdir()) == ["card.json", "model.keras"]
    assert (folder / store.WEIGHTS_FILE).read_bytes() == before
