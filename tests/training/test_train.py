"""Training on tiny data: what a run leaves, and what an interruption costs."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cifake_core.basics import files
from cifake_core.basics.errors import TrainingError, UnknownNameError
from cifake_core.data import cifake
from cifake_core.evaluation.calibration import Calibration
from cifake_core.evaluation.metrics import evaluate_logits
from cifake_core.networks import store
from cifake_core.training import run_folder
from cifake_core.training.augmentation import AugmentConfig
from cifake_core.training.recipes import TrainConfig, resumed
from cifake_core.training.records import TrainingProgress
from tests.training.small_run import (
    EPOCHS,
    NETWORKS,
    RECIPE,
    Interrupted,
    stop_at,
    train,
)

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
#: A resumed run repeats the sums of the uninterrupted one. On one machine the
#: weights came out equal to the last bit; threads elsewhere may round differently.
TOLERANCE = 1e-5


@pytest.fixture(scope="module")
def reports() -> list[TrainingProgress]:
    """Return what the uninterrupted run told on its way."""
    return []


@pytest.fixture(scope="module")
def finished(data, reports, tmp_path_factory) -> Path:
    """Return the folder of a run that nothing interrupted; don't change it."""
    run = tmp_path_factory.mktemp("runs") / "finished"
    return train(data, run, progress=reports.append)


@pytest.fixture(scope="module")
def broken_off(data, tmp_path_factory) -> Path:
    """Return the folder of a run that ended within its second epoch."""
    run = tmp_path_factory.mktemp("runs") / "broken"
    with pytest.raises(Interrupted):
        train(data, run, progress=stop_at(2))
    return run


@pytest.fixture
def half(broken_off, tmp_path) -> Path:
    """Return a copy of the broken run that the test may go on with."""
    return shutil.copytree(broken_off, tmp_path / "half")


def names_in(run: Path) -> list[str]:
    """Return the names in a run folder."""
    return sorted(path.name for path in run.iterdir())


def history(run: Path) -> list[dict[str, float]]:
    """Return the rows of `history.csv`."""
    head, *rows = (run / store.HISTORY_FILE).read_text("utf-8").splitlines()
    columns = head.split(",")
    return [dict(zip(columns, map(float, row.split(",")), strict=True)) for row in rows]


def assert_same_network(run: Path, other: Path) -> None:
    """Compare weights and history, but for the seconds."""
    one, two = (store.load_model(folder) for folder in (run, other))
    for a, b in zip(one.weights, two.weights, strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=0, atol=TOLERANCE)
    for row, expected in zip(history(run), history(other), strict=True):
        for column in row.keys() - {"seconds"}:
            assert row[column] == pytest.approx(expected[column], abs=TOLERANCE)


def test_a_run_leaves_weights_card_and_history(finished):
    """Nothing half written stays beside them."""
    assert names_in(finished) == [
        "card.json",
        "checkpoint.npz",
        "history.csv",
        "model.keras",
        "validation_scores.parquet",
    ]


def test_the_history_has_a_row_for_each_epoch(finished):
    """Every figure is finite and every accuracy a share."""
    rows = history(finished)

    assert [row["epoch"] for row in rows] == [1, 2, 3]
    assert np.isfinite([list(row.values()) for row in rows]).all()
    for column in ("accuracy", "validation_accuracy", "object_accuracy"):
        assert all(0 <= row[column] <= 1 for row in rows)


def test_the_card_vouches_for_the_weights(finished, data):
    """It has their hash, the recipe, the data and the counts of the division."""
    card = store.load_card(finished)

    assert card.name == "cnn"
    assert card.model_sha256 == files.file_sha256(finished / store.WEIGHTS_FILE)
    assert card.config["epochs"] == EPOCHS
    assert card.config["augmentation"]["shift"] == 3
    assert card.training.num_training == 26
    assert card.training.num_validation == 2
    assert card.training.train_digest == cifake.digest(cifake.load(data, "train"))
    assert card.filters == ()
    assert card.input_shape == (32, 32, 3)


def held_out(run: Path, data: Path):
    """Return truth, logits and object classes of a finished run on validation."""
    from cifake_core.networks.inputs import network_input

    train = cifake.load(data, "train")
    _, validation = cifake.split_training(train, seed=RECIPE.split_seed)
    inputs = network_input("rgb", train.images[validation])
    logits, objects = store.load_model(run)(inputs, training=False)
    truth = train.labels[validation]
    return truth, np.asarray(logits)[:, 0], np.asarray(objects).argmax(axis=1)


def test_the_weights_do_what_the_card_says(finished, data):
    """The shipped file gives the validation figures that the card reports."""
    truth, logits, _ = held_out(finished, data)

    report = evaluate_logits(truth, logits)
    card = store.load_card(finished)
    assert card.validation.accuracy.value == report.accuracy.value
    assert card.validation.ece == pytest.approx(report.ece, abs=1e-4)
    assert history(finished)[-1]["validation_accuracy"] == report.accuracy.value


def test_the_validation_scores_are_the_networks_own(finished, data):
    """Logits and objects are those of the shipped weights, calibration included."""
    truth, logits, objects = held_out(finished, data)

    table = pd.read_parquet(finished / store.VALIDATION_FILE)

    assert table["labels"].tolist() == truth.tolist()
    np.testing.assert_allclose(table["logits"], logits, rtol=1e-4)
    assert table["seen_classes"].tolist() == objects.tolist()
    assert not table["in_training"].any()
    assert set(table["model_sha256"]) == {store.load_card(finished).model_sha256}


def test_the_calibration_is_folded_into_the_logit():
    """Every logit is a quarter and one more; what is seen in the picture stays."""
    import keras

    from cifake_core.training.train import fold_calibration

    model = NETWORKS["cnn"].build()
    before = keras.models.clone_model(model)
    before.set_weights(model.get_weights())
    pictures = np.random.RandomState(0).uniform(0, 255, (8, 32, 32, 3))
    calibration = Calibration(temperature=4.0, shift=1.0)

    fold_calibration(model, calibration)

    (plain, seen), (logits, still_seen) = (each(pictures) for each in (before, model))
    expected = calibration.apply(np.asarray(plain))
    np.testing.assert_allclose(logits, expected, rtol=1e-4, atol=1e-5)
    assert np.array_equal(seen, still_seen)


def test_the_shipped_logits_are_calibrated_by_the_card(finished, data):
    """What the run ended with, divided and shifted as the card says."""
    from cifake_core.training.loop import TrainingLoop

    split = cifake.load(data, "train")
    loop = TrainingLoop("cnn", RECIPE, split, networks=NETWORKS)
    loop.restore(run_folder.read_checkpoint(finished))
    plain, *_ = loop.conclude(loop.keeper.kept())

    _, shipped, _ = held_out(finished, data)
    card = store.load_card(finished)
    calibration = Calibration(temperature=card.temperature, shift=card.logit_shift)
    np.testing.assert_allclose(shipped, calibration.apply(plain), rtol=1e-4, atol=1e-5)


def test_both_heads_are_shipped(finished):
    """The finished network says what is in a picture, too."""
    model = store.load_model(finished)

    assert [output.shape for output in model.outputs] == [(None, 1), (None, 10)]


def test_progress_is_told_after_every_batch(finished, reports):
    """Epochs and batches count up, the time left ends at nothing."""
    assert finished.is_dir()
    assert [(p.epoch, p.batch) for p in reports] == [
        (epoch, batch) for epoch in (1, 2, 3) for batch in (1, 2)
    ]
    assert {(p.num_epochs, p.num_batches) for p in reports} == {(3, 2)}
    assert reports[-1].seconds_left == 0
    assert reports[0].seconds_left > 0
    assert {p.validation_accuracy for p in reports[:2]} == {None}
    assert all(p.validation_accuracy is not None for p in reports[2:])


def test_a_broken_run_has_no_weights(broken_off):
    """Only the checkpoint of the last finished epoch and its history are there."""
    assert names_in(broken_off) == ["checkpoint.npz", "history.csv"]
    assert len(history(broken_off)) == 1


def test_a_resumed_run_ends_like_an_uninterrupted_one(half, finished, data):
    """Same history, same weights; the finished epoch is not trained again."""
    seen: list[int] = []

    train(data, half, resume=True, progress=lambda told: seen.append(told.epoch))

    assert sorted(set(seen)) == [2, 3]
    assert_same_network(half, finished)


def test_a_finished_run_may_get_a_tail(finished, data, tmp_path):
    """It goes on behind the last epoch, and its normalisations fit its weights."""
    from cifake_core.training.loop import TrainingLoop

    run = shutil.copytree(finished, tmp_path / "run")
    config = replace(RECIPE, tail=2)

    train(data, run, config, resume=True)

    assert [row["epoch"] for row in history(run)] == [1, 2, 3, 4, 5]
    assert history(run)[:3] == history(finished)
    model = store.load_model(run)
    convolution = keras_part(model, "stem_conv")
    split = cifake.load(data, "train")
    source = TrainingLoop("cnn", config, split, networks=NETWORKS).source
    means = [
        np.asarray(convolution(inputs)).mean(axis=(0, 1, 2))
        for inputs, *_ in source.epoch(0)
    ]
    measured = np.asarray(model.get_layer("stem_norm").moving_mean)
    np.testing.assert_allclose(measured, np.mean(means, axis=0), rtol=1e-4, atol=1e-5)
    assert model.get_layer("stem_norm").momentum == 0.9


def keras_part(model, layer: str):
    """Return the network as far as `layer`."""
    import keras

    return keras.Model(model.input, model.get_layer(layer).output)


def test_a_killed_process_loses_no_finished_epoch(finished, data, tmp_path):
    """After SIGKILL in the third epoch the run goes on with the third."""
    run = tmp_path / "killed"
    with subprocess.Popen(
        [sys.executable, "-m", "tests.training.small_run", str(data), str(run)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        told = process.stdout.readline()
        process.kill()
    assert told == "in epoch 3\n"
    before = len(history(run))

    train(data, run, resume=True)

    assert before == 2
    assert_same_network(run, finished)


def test_the_recipe_of_a_broken_run_is_read_back(half):
    """Someone who resumes needs to name no setting again."""
    assert resumed(run_folder.read_checkpoint(half).settings, TrainConfig) == RECIPE


def test_other_pictures_cannot_resume(half, data, tmp_path):
    """A run that saw one data set does not go on with another, by mistake."""
    other = shutil.copytree(data, tmp_path / "other")
    first, second, *_ = sorted((other / "train" / "REAL").iterdir())
    first.write_bytes(second.read_bytes())

    with pytest.raises(TrainingError, match=r"other training pictures\. Resume with"):
        train(other, half, resume=True)

    assert names_in(half) == ["checkpoint.npz", "history.csv"]


def test_the_same_seed_gives_the_same_run(finished, data, tmp_path):
    """Weights and history repeat; another seed gives another history."""
    again, other = tmp_path / "again", tmp_path / "other"
    train(data, again)
    with pytest.raises(Interrupted):
        train(data, other, replace(RECIPE, seed=1), progress=stop_at(2))

    assert_same_network(again, finished)
    assert history(other)[0]["loss"] != history(finished)[0]["loss"]


def test_other_settings_cannot_resume(half, data):
    """A run goes on with its own recipe or not at all."""
    other = replace(RECIPE, learning_rate=0.01)

    with pytest.raises(TrainingError, match=r"holds a cnn with settings .*Resume with"):
        train(data, half, config=other, resume=True)

    assert names_in(half) == ["checkpoint.npz", "history.csv"]


def test_another_network_cannot_resume(half, data):
    """A run of the 2D-CNN is none of the 3D-CNN."""
    with pytest.raises(TrainingError, match=r"holds a cnn .* Expected cnn3d"):
        train(data, half, network="cnn3d", resume=True)


def test_a_run_is_not_written_over(half, data):
    """Starting anew in a used folder is refused and changes nothing."""
    before = (half / run_folder.CHECKPOINT_FILE).read_bytes()

    with pytest.raises(TrainingError, match=r"There is a run in .* already.*--resume"):
        train(data, half)

    assert (half / run_folder.CHECKPOINT_FILE).read_bytes() == before


def test_resuming_nothing_is_refused(data, tmp_path):
    """No folder is made for a run that cannot go on."""
    with pytest.raises(TrainingError, match="nothing to resume"):
        train(data, tmp_path / "none", resume=True)

    assert not (tmp_path / "none").exists()


def test_the_ensemble_is_not_trained(data, tmp_path):
    """The message lists the networks that are."""
    with pytest.raises(UnknownNameError, match="Choose one of: cnn, cnn3d"):
        train(data, tmp_path / "run", network="ensemble")


def use_up_numpy() -> None:
    """Ask NumPy for eight petabytes."""
    np.empty(2**50)


def use_up_tensorflow() -> None:
    """Ask TensorFlow for 64 terabytes."""
    import tensorflow as tf

    tf.zeros((2**22, 2**22))


@pytest.mark.parametrize("use_up", [use_up_numpy, use_up_tensorflow])
def test_too_little_memory_loses_no_finished_epoch(use_up, half, data):
    """Whoever runs out of it within the second epoch, the first can be resumed."""
    with pytest.raises(
        TrainingError, match=r"^There is too little memory .*Close .*--resume: it "
    ):
        train(data, half, resume=True, progress=stop_at(2, use_up))

    assert names_in(half) == ["checkpoint.npz", "history.csv"]
    assert len(run_folder.read_checkpoint(half).history) == 1


def test_a_loss_that_is_no_number_ends_the_run(data, tmp_path):
    """The epoch is not saved, so that its weights cannot spoil the run."""
    run = tmp_path / "run"
    config = replace(RECIPE, epochs=1, tail=1, tail_rate=1e30)

    with pytest.raises(TrainingError, match=r"epoch 2 the loss is not .*--resume"):
        train(data, run, config)

    assert names_in(run) == ["checkpoint.npz", "history.csv"]
    assert len(run_folder.read_checkpoint(run).history) == 1


def test_batches_that_find_no_memory_are_told(data, tmp_path):
    """They are made in a thread of their own, and its failure is not lost there."""
    wide = AugmentConfig(shift=2**22)  # a border of petabytes

    with pytest.raises(TrainingError, match=r"too little memory .*command again\.$"):
        train(data, tmp_path / "run", replace(RECIPE, augmentation=wide))

    assert names_in(tmp_path / "run") == []


def test_a_run_that_cannot_be_written_keeps_the_last_checkpoint(half, data):
    """The sentence says how to go on, and what was saved stays readable."""
    (half / store.HISTORY_FILE).unlink()
    (half / store.HISTORY_FILE).mkdir()  # a folder in the way of the file

    with pytest.raises(TrainingError, match=r"cannot be written to .*--resume"):
        train(data, half, resume=True)

    assert names_in(half) == ["checkpoint.npz", "history.csv"]
    assert len(run_folder.read_checkpoint(half).history) == 1


def test_a_card_that_cannot_be_written_costs_no_training(finished, data, tmp_path):
    """The finished network is written by a second try, without another epoch."""
    run = tmp_path / "run"
    run.mkdir()
    shutil.copy(finished / run_folder.CHECKPOINT_FILE, run)

    (run / store.CARD_FILE).mkdir()  # a folder in the way of the file

    with pytest.raises(TrainingError, match=r"cannot be written.*nothing is trained"):
        train(data, run, resume=True)
    with pytest.raises(TrainingError, match="no finished network"):
        run_folder.promote(run, models=tmp_path / "models")
    (run / store.CARD_FILE).rmdir()

    train(data, run, resume=True)

    shutil.copy(finished / store.HISTORY_FILE, run)
    assert_same_network(run, finished)


def test_progress_ends_when_the_run_is_done(finished, data, tmp_path):
    """Resuming a finished run trains nothing."""
    run = shutil.copytree(finished, tmp_path / "run")
    seen: list[TrainingProgress] = []

    train(data, run, resume=True, progress=seen.append)

    assert not seen
    before, after = (
        json.loads((folder / store.CARD_FILE).read_text()) for folder in (finished, run)
    )
    assert before["validation"] == after["validation"]
