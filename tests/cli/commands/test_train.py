"""`train`: recipe, resume, interruption and promotion, with a trainer handed in."""

import shutil
import signal
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from cifake_core import cli
from cifake_core.networks import store
from cifake_core.training import run_folder
from cifake_core.training.recipes import RECIPES, TrainConfig
from cifake_core.training.records import TrainingProgress
from tests.cards import metrics, network_card


class Trainer:
    """A trainer that ends at once; it keeps what it was asked for."""

    def __init__(self) -> None:
        self.config: TrainConfig | None = None
        self.resume: bool | None = None
        self.run: Path | None = None
        self.stop: signal.Signals | None = None

    def __call__(self, network, *, run, config, resume, progress, **_data) -> None:
        """Tell of one epoch, then stop if asked to, else leave a card."""
        self.config, self.resume, self.run = config, resume, run
        run.mkdir(parents=True, exist_ok=True)
        state = TrainingProgress(
            epoch=1,
            num_epochs=config.epochs,
            batch=9,
            num_batches=9,
            loss=0.5,
            accuracy=0.75,
            seconds_left=3700,
            validation_accuracy=None,
        )
        progress(state)
        if self.stop:
            signal.raise_signal(self.stop)
        card = network_card(network, "a", validation=metrics(right=70, n=80))
        store.write_card(run, card)


@pytest.fixture
def trainer(interruptible) -> Trainer:
    """Return a trainer, which Ctrl-C can stop."""
    del interruptible
    return Trainer()


@pytest.fixture
def train(trainer, models, tiny_zip):
    """Return the command `train cnn` on the tiny data set, with further words."""

    def call(*words: object, data: Path = tiny_zip) -> int:
        start = ("train", "cnn", "--data", data)
        return cli.main([str(each) for each in (*start, *words)], models, train=trainer)

    return call


@pytest.fixture
def interrupted_run(own_cache) -> Path:
    """Return the default run of the 2D-CNN, broken off after one of six epochs."""
    run = own_cache / "runs" / "cnn"
    checkpoint = run_folder.Checkpoint(
        network="cnn",
        settings=asdict(TrainConfig(epochs=6)),
        history=[{"epoch": 1.0}],
        arrays=[],
        train_digest="",
    )
    run_folder.write_checkpoint(run, checkpoint)
    return run


@pytest.fixture
def copied(tiny_dataset, tmp_path) -> Path:
    """Return a copy of the tiny data set, to be broken."""
    return shutil.copytree(tiny_dataset, tmp_path / "data")


def test_train_says_what_comes_next(train, trainer, tiny_zip, tmp_path, capsys):
    """The end names run, validation accuracy and the next two commands."""
    run = tmp_path / "my run"

    status = train("--epochs", 2, "--out", run)

    captured = capsys.readouterr()
    assert status == 0
    assert (trainer.config.epochs, trainer.resume) == (2, False)
    assert "epoch 1/2: 100%" in captured.err
    assert "loss 0.500, accuracy 75.0%, 1 h 01 min left" in captured.err
    assert "Validation accuracy 87.50%" in captured.out
    assert f'evaluate "{run}" --save --data {tiny_zip}' in captured.out
    assert f'train --promote "{run}"' in captured.out


def test_a_start_says_how_to_go_on(train, tiny_zip, tmp_path, capsys):
    """Who is killed by the system has the command already."""
    train("--out", tmp_path / "run")

    first = capsys.readouterr().err.splitlines()[0]
    assert first.endswith(
        f"train cnn --resume --data {tiny_zip} --out {tmp_path / 'run'}"
    )


def test_train_follows_the_recipe_into_the_default_run(train, trainer):
    """Without options the recipe's epochs and the cache's run folder are used."""
    train()

    assert trainer.config == RECIPES["cnn"]
    assert trainer.run == run_folder.default_run("cnn")


@pytest.mark.usefixtures("interrupted_run")
@pytest.mark.parametrize("epochs", [[], ["--epochs", "6"]])
def test_resume_takes_the_recipe_of_the_run(epochs, train, trainer):
    """The run's epochs hold, whatever the shipped recipe says."""
    status = train("--resume", *epochs)

    assert status == 0
    assert (trainer.config, trainer.resume) == (TrainConfig(epochs=6), True)


@pytest.mark.usefixtures("interrupted_run")
def test_resume_takes_a_tail(train, trainer):
    """Epochs may follow those that the run was started with."""
    status = train("--resume", "--set", "tail=2")

    assert status == 0
    assert trainer.config == TrainConfig(epochs=6, tail=2)


@pytest.mark.usefixtures("interrupted_run")
def test_resume_refuses_other_epochs(train, trainer, refusal):
    """A run's learning rate follows its length, so that can't change half-way."""
    status = train("--resume", "--epochs", 3)

    assert status == 2
    assert "started with epochs 6, not 3" in refusal()
    assert trainer.config is None


@pytest.mark.usefixtures("interrupted_run")
def test_resume_refuses_another_trial(train, capsys, refusal):
    """Numbers named again must be those of the run."""
    assert train("--resume", "--set", "seed=0") == 0
    capsys.readouterr()

    status = train("--resume", "--set", "corrupted=0", "--set", "seed=0")

    assert status == 2
    assert "with corrupted 0.4, not 0.0. Leave out" in refusal()


def test_a_trial_changes_numbers_of_the_recipe(train, trainer, tmp_path):
    """Those of the training and those of the pictures have one list of names."""
    trial = ["--set", "corrupted=0", "--set", "weight_decay=1e-3", "--epochs", "10"]

    train("--out", tmp_path, *trial)

    recipe = RECIPES["cnn"]
    assert trainer.config == replace(
        recipe,
        epochs=10,
        tail=0,
        weight_decay=1e-3,
        augmentation=replace(recipe.augmentation, corrupted=0.0),
    )


def test_resume_refuses_a_run_that_never_was(train, trainer, refusal):
    """Nothing is trained in place of what was to be gone on with."""
    status = train("--resume")

    assert status == 2
    assert "nothing to resume" in refusal()
    assert trainer.config is None


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_training_says_how_to_go_on(
    how, train, trainer, interrupted_run, capsys
):
    """Ctrl-C and `kill` give the command that resumes, and status 130."""
    trainer.stop = how
    before = signal.getsignal(signal.SIGTERM)

    status = train("--out", interrupted_run)

    last = capsys.readouterr().err.splitlines()[-1]
    assert status == 130
    assert last.startswith("Stopped. Go on after the last finished epoch: ")
    assert last.endswith(f"--out {interrupted_run}")
    assert signal.getsignal(signal.SIGTERM) is before


def test_interrupted_first_epoch_is_started_again(train, trainer, capsys):
    """Without a checkpoint there is nothing to resume, and that is said."""
    trainer.stop = signal.SIGINT

    status = train()

    assert status == 130
    assert "before the first epoch was finished" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("gone", "words"),
    [
        ("train", "holds no pictures in train/FAKE. Expected the layout of CIFAKE"),
        ("train/REAL", "holds no pictures in train/REAL. Expected the layout"),
        (".", "There is no data set at"),
    ],
)
def test_training_names_what_a_data_set_lacks(gone, words, train, copied, refusal):
    """A folder that is not there is named before a run is begun."""
    shutil.rmtree(copied / gone)

    status = train("--out", copied.parent / "run", data=copied)

    assert status == 2
    assert words in refusal()
    assert not (copied.parent / "run").exists()


def test_training_names_an_unreadable_picture(train, copied, refusal):
    """The file can be found and mended; nothing else was done meanwhile."""
    broken = sorted((copied / "train" / "REAL").iterdir())[3]
    broken.write_bytes(broken.read_bytes()[:200])

    status = train("--out", copied.parent / "run", data=copied)

    assert status == 2
    words = f"train/REAL/{broken.name} in {copied} is not a usable picture"
    assert words in refusal()
    assert not (copied.parent / "run").exists()
