"""Run folders: checkpoints that are whole or absent, and promotion as it stands."""

from pathlib import Path

import numpy as np
import pytest

from cifake_core import runs
from cifake_core.errors import ModelUnavailableError, TrainingError, UnknownNameError
from cifake_core.networks import store
from cifake_core.runs import Checkpoint

ROWS = [
    {"epoch": 1, "loss": 0.5, "seconds": 2.0},
    {"epoch": 2, "loss": 0.25, "seconds": 2.5},
]


def checkpoint(num_rows: int = 1) -> Checkpoint:
    """Return a checkpoint with three variables of different types."""
    arrays = [np.ones((2, 3), np.float32), np.array(7, np.int64), np.zeros(0)]
    settings = {"epochs": 3, "augmentation": {"shift": 3}}
    return Checkpoint(
        network="cnn", settings=settings, history=ROWS[:num_rows], arrays=arrays
    )


@pytest.fixture
def finished(tmp_path) -> Path:
    """Return the folder of a finished run with a network of two weights."""
    import keras

    run = tmp_path / "run"
    runs.write_checkpoint(run, checkpoint(2))
    inputs = keras.Input((1,))
    model = keras.Model(inputs, keras.layers.Dense(1, name="logit")(inputs))
    sha256 = store.save_model(model, run)
    store.write_card(run, {"name": "cnn", "model_sha256": sha256})
    (run / store.VALIDATION_FILE).write_bytes(b"validation scores")
    return run


def test_a_checkpoint_comes_back_as_written(tmp_path):
    """Values, types and order of the variables are kept, and the settings too."""
    runs.write_checkpoint(tmp_path, checkpoint())

    back = runs.read_checkpoint(tmp_path)

    assert (back.network, back.settings) == ("cnn", checkpoint().settings)
    assert back.history == ROWS[:1]
    for array, expected in zip(back.arrays, checkpoint().arrays, strict=True):
        assert array.dtype == expected.dtype
        assert np.array_equal(array, expected)


def test_more_than_ten_variables_keep_their_order(tmp_path):
    """Names are sorted as numbers would be."""
    arrays = [np.array(number) for number in range(120)]
    many = Checkpoint(network="cnn", settings={}, history=ROWS, arrays=arrays)

    runs.write_checkpoint(tmp_path, many)

    assert [int(a) for a in runs.read_checkpoint(tmp_path).arrays] == list(range(120))


def test_the_history_stands_beside_the_checkpoint(tmp_path):
    """One row for each epoch, readable by any program."""
    runs.write_checkpoint(tmp_path, checkpoint(2))

    text = (tmp_path / store.HISTORY_FILE).read_text("utf-8")
    assert text.splitlines() == ["epoch,loss,seconds", "1,0.5,2.0", "2,0.25,2.5"]


def test_a_failed_write_keeps_the_checkpoint_before(tmp_path, monkeypatch):
    """A full disk leaves the last whole checkpoint and no half one."""
    runs.write_checkpoint(tmp_path, checkpoint(1))

    def no_space(file: Path, **_arrays: object) -> None:
        Path(file).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", no_space)

    with pytest.raises(
        TrainingError, match=r"No space left on device.*--out.*--resume"
    ):
        runs.write_checkpoint(tmp_path, checkpoint(2))

    assert len(runs.read_checkpoint(tmp_path).history) == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "checkpoint.npz",
        "history.csv",
    ]


@pytest.mark.parametrize("share", [0.0, 0.5, 0.98])
def test_a_damaged_checkpoint_is_told(tmp_path, share):
    """A file that was cut off is no checkpoint, and the message says what to do."""
    runs.write_checkpoint(tmp_path, checkpoint())
    path = tmp_path / runs.CHECKPOINT_FILE
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])

    with pytest.raises(TrainingError, match=r"is damaged .*Delete it and start anew"):
        runs.read_checkpoint(tmp_path)


def test_nothing_to_resume_is_told(tmp_path):
    """Without a checkpoint there is no run to go on with."""
    with pytest.raises(TrainingError, match=r"nothing to resume in .*without --resume"):
        runs.read_checkpoint(tmp_path)


def test_a_new_run_gets_its_folder(tmp_path):
    """The folder is made, with those above it; an empty one may be used."""
    run = tmp_path / "deep" / "run"

    runs.claim(run)
    runs.claim(run)

    assert run.is_dir()


def test_a_used_folder_is_refused(tmp_path):
    """No run writes over another."""
    runs.write_checkpoint(tmp_path, checkpoint())

    with pytest.raises(TrainingError, match=r"There is a run in .* already"):
        runs.claim(tmp_path)


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    """The reason comes before hours of training, not after them."""
    (tmp_path / "file").touch()

    with pytest.raises(TrainingError, match=r"cannot be made: .*--out"):
        runs.claim(tmp_path / "file" / "run")


def test_runs_lie_outside_the_checkout(own_cache):
    """A network is trained in the user's cache unless told otherwise."""
    assert runs.default_run("cnn") == own_cache / "runs" / "cnn"


@pytest.mark.slow
def test_promotion_copies_exactly(finished, tmp_path):
    """Weights, card, history and scores arrive byte for byte, the checkpoint not."""
    (finished / store.SCORES_FILE).write_bytes(b"scores")
    models = tmp_path / "models"

    place = runs.promote(finished, models)

    assert place == models / "cnn"
    names = [
        "card.json",
        "history.csv",
        "model.keras",
        "test_scores.parquet",
        "validation_scores.parquet",
    ]
    assert sorted(p.name for p in place.iterdir()) == names
    assert all((place / n).read_bytes() == (finished / n).read_bytes() for n in names)
    assert [p.name for p in models.iterdir()] == ["cnn"]


@pytest.mark.slow
def test_promotion_replaces_what_stood_there(finished, tmp_path):
    """Nothing of the network before stays, such as scores that are not its own."""
    place = tmp_path / "models" / "cnn"
    place.mkdir(parents=True)
    (place / store.SCORES_FILE).write_bytes(b"old scores")

    runs.promote(finished, tmp_path / "models")

    assert not (place / store.SCORES_FILE).exists()
    assert (place / store.WEIGHTS_FILE).is_file()


@pytest.mark.slow
@pytest.mark.parametrize(
    "missing",
    ["model.keras", "card.json", "history.csv", "validation_scores.parquet"],
)
def test_an_unfinished_run_is_not_promoted(finished, tmp_path, missing):
    """What stands in models/ stays."""
    (finished / missing).unlink()

    with pytest.raises(TrainingError, match="holds no finished network"):
        runs.promote(finished, tmp_path / "models")

    assert not (tmp_path / "models").exists()


@pytest.mark.slow
def test_damaged_weights_are_not_promoted(finished, tmp_path):
    """Weights that are not their card's are refused."""
    with (finished / store.WEIGHTS_FILE).open("ab") as file:
        file.write(b"more")

    with pytest.raises(ModelUnavailableError, match="not the ones their card"):
        runs.promote(finished, tmp_path / "models")

    assert not (tmp_path / "models").exists()


@pytest.mark.slow
def test_a_network_of_another_name_is_not_promoted(finished, tmp_path):
    """Only what stands in the table can be shipped."""
    card = store.load_card(finished)
    store.write_card(finished, {**card, "name": "vgg"})

    with pytest.raises(UnknownNameError, match="no network called 'vgg'"):
        runs.promote(finished, tmp_path / "models")

    assert not (tmp_path / "models").exists()


@pytest.mark.slow
def test_promotion_takes_the_corruption_scores_along(finished, tmp_path):
    """The hash on the card stays that of a file beside it."""
    (finished / store.CORRUPTIONS_FILE).write_bytes(b"corruption scores")

    place = runs.promote(finished, tmp_path / "models")

    assert (place / store.CORRUPTIONS_FILE).read_bytes() == b"corruption scores"
