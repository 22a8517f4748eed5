"""Run folders: checkpoints that are whole or absent, and promotion as it stands."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cifake_core.basics import files
from cifake_core.basics.errors import (
    ModelUnavailableError,
    TrainingError,
    UnknownNameError,
)
from cifake_core.networks import store
from cifake_core.training import run_folder
from cifake_core.training.run_folder import Checkpoint
from tests.cards import network_card

ROWS = [
    {"epoch": 1, "loss": 0.5, "seconds": 2.0},
    {"epoch": 2, "loss": 0.25, "seconds": 2.5},
]


def checkpoint(num_rows: int = 1) -> Checkpoint:
    """Return a checkpoint with three variables of different types."""
    arrays = [np.ones((2, 3), np.float32), np.array(7, np.int64), np.zeros(0)]
    settings = {"epochs": 3, "augmentation": {"shift": 3}}
    return Checkpoint(
        network="cnn",
        settings=settings,
        history=ROWS[:num_rows],
        arrays=arrays,
        train_digest="d1",
    )


def names_in(folder: Path) -> list[str]:
    """Return the names in a folder, sorted."""
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def finished(tmp_path) -> Path:
    """Return the folder of a finished run with a small network."""
    import keras

    run = tmp_path / "run"
    run_folder.write_checkpoint(run, checkpoint(2))
    inputs = keras.Input((1,))
    features = keras.layers.Dense(2, name="features")(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1, name="logit")(features))
    sha256 = store.save_model(model, run)
    store.write_card(run, network_card("cnn", sha256))
    (run / store.VALIDATION_FILE).write_bytes(b"validation scores")
    return run


def test_a_checkpoint_comes_back_as_written(tmp_path):
    """Values, types and order of the variables are kept, and all that goes along."""
    run_folder.write_checkpoint(tmp_path, checkpoint())

    back = run_folder.read_checkpoint(tmp_path)

    assert (back.network, back.settings) == ("cnn", checkpoint().settings)
    assert list(back.history) == ROWS[:1]
    assert back.train_digest == "d1"
    for array, expected in zip(back.arrays, checkpoint().arrays, strict=True):
        assert array.dtype == expected.dtype
        assert np.array_equal(array, expected)


def test_more_than_ten_variables_keep_their_order(tmp_path):
    """Names are sorted as numbers would be."""
    arrays = [np.array(number) for number in range(120)]
    many = Checkpoint(
        network="cnn", settings={}, history=ROWS, arrays=arrays, train_digest="d1"
    )

    run_folder.write_checkpoint(tmp_path, many)

    assert [int(a) for a in run_folder.read_checkpoint(tmp_path).arrays] == list(
        range(120)
    )


def test_the_history_stands_beside_the_checkpoint(tmp_path):
    """One row for each epoch, readable by any program."""
    run_folder.write_checkpoint(tmp_path, checkpoint(2))

    text = (tmp_path / store.HISTORY_FILE).read_text("utf-8")
    assert text.splitlines() == ["epoch,loss,seconds", "1,0.5,2.0", "2,0.25,2.5"]


def test_a_first_write_that_fails_is_not_resumed(tmp_path):
    """Where no epoch was saved the sentence does not send anyone to --resume."""
    (tmp_path / store.HISTORY_FILE).mkdir()

    with pytest.raises(TrainingError, match=r"Make room there and run .* again\.$"):
        run_folder.write_checkpoint(tmp_path, checkpoint(1))

    assert names_in(tmp_path) == [store.HISTORY_FILE]


def test_a_disk_too_small_for_a_checkpoint_is_told(tmp_path):
    """The system's own limit on a file's size stops the write, nothing else."""
    resource = pytest.importorskip("resource")
    run_folder.write_checkpoint(tmp_path, checkpoint(1))
    large = replace(checkpoint(2), arrays=[np.zeros(100_000)])
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))

    try:
        with pytest.raises(TrainingError, match=r"too large.*Make room.*--resume"):
            run_folder.write_checkpoint(tmp_path, large)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert len(run_folder.read_checkpoint(tmp_path).history) == 1
    assert names_in(tmp_path) == ["checkpoint.npz", "history.csv"]


def test_an_epoch_is_trained_only_with_room_for_its_checkpoint(tmp_path):
    """The file that holds the room is as large as what follows, and leaves with it."""
    large = replace(checkpoint(2), arrays=[np.arange(100_000.0)])

    with run_folder.room_for(large, tmp_path):
        (reserve,) = tmp_path.iterdir()
        held = reserve.stat().st_size
    assert names_in(tmp_path) == []
    run_folder.write_checkpoint(tmp_path, large)

    assert held >= sum(file.stat().st_size for file in tmp_path.iterdir())


def test_no_room_for_a_checkpoint_is_told_before_the_epoch(tmp_path):
    """Nothing is trained that could not be kept."""
    resource = pytest.importorskip("resource")
    run_folder.write_checkpoint(tmp_path, checkpoint(1))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))

    try:
        with (
            pytest.raises(TrainingError, match=r"no room in .* 1 MB .*--resume"),
            run_folder.room_for(checkpoint(1), tmp_path),
        ):
            pytest.fail("the epoch was trained")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert names_in(tmp_path) == ["checkpoint.npz", "history.csv"]


def test_a_history_that_cannot_be_written_costs_no_checkpoint(tmp_path):
    """Both stay as they were, and no half file is left."""
    run_folder.write_checkpoint(tmp_path, checkpoint(1))
    unwritable = [*ROWS, {"another": 1.0}]

    with pytest.raises(ValueError, match="fields not in fieldnames"):
        run_folder.write_checkpoint(tmp_path, replace(checkpoint(), history=unwritable))

    assert len(run_folder.read_checkpoint(tmp_path).history) == 1
    assert names_in(tmp_path) == ["checkpoint.npz", "history.csv"]
    assert len((tmp_path / store.HISTORY_FILE).read_text("utf-8").splitlines()) == 2


def test_too_little_memory_says_how_to_go_on(tmp_path):
    """With an epoch saved the run goes on from there, without one it starts again."""
    before = str(run_folder.too_little_memory(tmp_path))
    run_folder.write_checkpoint(tmp_path, checkpoint(1))
    after = str(run_folder.too_little_memory(tmp_path))

    assert before.endswith("Close other programs and run the command again.")
    assert after.endswith("with --resume: it goes on after the last epoch saved.")


def test_nothing_to_resume_is_told(tmp_path):
    """Without a checkpoint there is no run to go on with."""
    with pytest.raises(TrainingError, match=r"nothing to resume in .*without --resume"):
        run_folder.read_checkpoint(tmp_path)


def test_a_new_run_gets_its_folder(tmp_path):
    """The folder is made, with those above it; an empty one may be used."""
    run = tmp_path / "deep" / "run"

    run_folder.claim(run)
    run_folder.claim(run)

    assert run.is_dir()


def test_a_used_folder_is_refused(tmp_path):
    """No run writes over another."""
    run_folder.write_checkpoint(tmp_path, checkpoint())

    with pytest.raises(TrainingError, match=r"There is a run in .* already"):
        run_folder.claim(tmp_path)


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    """The reason comes before hours of training, not after them."""
    (tmp_path / "file").touch()

    with pytest.raises(TrainingError, match=r"cannot be made: .*--out"):
        run_folder.claim(tmp_path / "file" / "run")


def test_runs_lie_outside_the_checkout(own_cache):
    """A network is trained in the user's cache unless told otherwise."""
    assert run_folder.default_run("cnn") == own_cache / "runs" / "cnn"


@pytest.mark.slow
def test_promotion_copies_exactly(finished, tmp_path):
    """Weights, history and scores arrive byte for byte, the checkpoint not."""
    (finished / store.SCORES_FILE).write_bytes(b"scores")
    models = tmp_path / "models"

    place = run_folder.promote(finished, models)

    assert place == models / "cnn"
    names = [
        "history.csv",
        "model.keras",
        "test_scores.parquet",
        "validation_scores.parquet",
    ]
    made = ["card.json", "model.tflite"]
    assert sorted(p.name for p in place.iterdir()) == sorted([*made, *names])
    assert all((place / n).read_bytes() == (finished / n).read_bytes() for n in names)
    assert [p.name for p in models.iterdir()] == ["cnn"]


@pytest.mark.slow
def test_promotion_converts_the_network(finished, tmp_path):
    """The card says what it said before, and vouches for the converted file."""
    place = run_folder.promote(finished, tmp_path / "models")

    card, before = store.load_card(place), store.load_card(finished)
    assert card.model_sha256 == before.model_sha256
    assert card.runtime.sha256 == files.file_sha256(place / card.runtime.file)
    assert card.runtime.engine.startswith("LiteRT ")
    assert card.runtime.logit_difference < 1e-4
    assert before.runtime is None


@pytest.mark.slow
def test_promotion_replaces_what_stood_there(finished, tmp_path):
    """Nothing of the network before stays, such as scores that are not its own."""
    place = tmp_path / "models" / "cnn"
    place.mkdir(parents=True)
    (place / store.SCORES_FILE).write_bytes(b"old scores")

    run_folder.promote(finished, tmp_path / "models")

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
        run_folder.promote(finished, tmp_path / "models")

    assert not (tmp_path / "models").exists()


@pytest.mark.slow
def test_damaged_weights_are_not_promoted(finished, tmp_path):
    """Weights that are not their card's are refused."""
    with (finished / store.WEIGHTS_FILE).open("ab") as file:
        file.write(b"more")

    with pytest.raises(ModelUnavailableError, match="not the ones their card"):
        run_folder.promote(finished, tmp_path / "models")

    assert not (tmp_path / "models").exists()


@pytest.mark.slow
def test_a_network_of_another_name_is_not_promoted(finished, tmp_path):
    """Only what stands in the table can be shipped."""
    card = store.load_card(finished)
    store.write_card(finished, replace(card, name="vgg"))

    with pytest.raises(UnknownNameError, match="no network called 'vgg'"):
        run_folder.promote(finished, tmp_path / "models")

    assert not (tmp_path / "models").exists()


@pytest.mark.slow
def test_promotion_takes_the_corruption_scores_along(finished, tmp_path):
    """The hash on the card stays that of a file beside it."""
    (finished / store.CORRUPTIONS_FILE).write_bytes(b"corruption scores")

    place = run_folder.promote(finished, tmp_path / "models")

    assert (place / store.CORRUPTIONS_FILE).read_bytes() == b"corruption scores"
