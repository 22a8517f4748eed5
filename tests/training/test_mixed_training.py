"""Training on CIFAKE and fakes of generators: what is drawn, and what the card says."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from cifake_core.basics.errors import TrainingError
from cifake_core.data import cifake
from cifake_core.networks import store
from cifake_core.training import run_folder
from cifake_core.training.recipes import TrainConfig
from tests.training.small_run import Interrupted, stop_at, train

pytestmark = pytest.mark.slow

RECIPE = TrainConfig(
    epochs=2,
    batch_size=8,
    learning_rate=0.05,
    average_every=1,
    generators={"flow": 6, "gan_resize": 6},
    num_fakes=8,
    num_elsewhere=8,
)


class Source:
    """A source of grainy fakes; keeps what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def __call__(self, name, part, /, *, n):
        """Give up to 20 pictures, as a thousand would take a while."""
        self.asked.append((name, part))
        count = min(n, 20)
        generator = np.random.default_rng(len(name))
        return generator.integers(0, 256, (count, 32, 32, 3)).astype(np.uint8)


@pytest.fixture(scope="module")
def source() -> Source:
    """Return the source of the finished run."""
    return Source()


@pytest.fixture(scope="module")
def finished(data, source, tmp_path_factory) -> Path:
    """Return the folder of a finished run; don't change it."""
    run = tmp_path_factory.mktemp("runs") / "mixed"
    return train(data, run, RECIPE, "cnn_multi", fakes=source)


def test_a_run_draws_what_it_learns_from_and_is_calibrated_on(finished, source):
    """Each generator once for training and, at the end, once for calibration."""
    assert finished.is_dir()
    assert source.asked == [
        ("flow", "training"),
        ("gan_resize", "training"),
        ("flow", "validation"),
        ("gan_resize", "validation"),
    ]


def test_the_card_names_the_generators_and_counts_every_picture(finished, data):
    """20 fakes make two batches of 16, beside 13 photographs and 8 from elsewhere."""
    card = store.load_card(finished)

    split = cifake.load(data, "train")
    training, _ = cifake.split_training(split, seed=0)
    photographs = int(split.labels[training].sum())
    assert card.name == "cnn_multi"
    assert card.config["generators"] == {"flow": 6, "gan_resize": 6}
    assert photographs == 13
    assert card.training.num_training == 16 + photographs + 8
    assert card.precision.startswith("trained in ")
    assert " on " in card.precision
    assert card.precision.endswith("answers in float32")


def test_resuming_a_finished_run_draws_nothing_to_learn_from(finished, data, tmp_path):
    """Only what is held out for the calibration; the weights stay the same."""
    run = shutil.copytree(finished, tmp_path / "run")
    again = Source()

    train(data, run, RECIPE, "cnn_multi", resume=True, fakes=again)

    assert {part for _, part in again.asked} == {"validation"}
    assert store.load_card(run).precision == store.load_card(finished).precision
    for one, two in zip(
        store.load_model(run).weights, store.load_model(finished).weights, strict=True
    ):
        np.testing.assert_allclose(one.numpy(), two.numpy(), rtol=0, atol=1e-5)


def test_a_broken_run_remembers_what_it_was_trained_on(data, tmp_path):
    """Its card will name both processors if another one finishes it."""
    run = tmp_path / "run"
    with pytest.raises(Interrupted):
        train(data, run, RECIPE, "cnn_multi", fakes=Source(), progress=stop_at(2))
    checkpoint = run_folder.read_checkpoint(run)
    assert len(checkpoint.trained) == 1
    moved = "in bfloat16 with float32 weights on abacus"
    run_folder.write_checkpoint(
        run,
        run_folder.Checkpoint(
            network=checkpoint.network,
            settings=checkpoint.settings,
            history=checkpoint.history,
            arrays=checkpoint.arrays,
            train_digest=checkpoint.train_digest,
            trained=[moved],
        ),
    )

    train(data, run, RECIPE, "cnn_multi", resume=True, fakes=Source())

    here = checkpoint.trained[0]
    expected = f"trained {moved} and {here}, answers in float32"
    assert store.load_card(run).precision == expected


def test_a_recipe_with_generators_needs_a_source(data, tmp_path):
    """The sentence says what was missing."""
    with pytest.raises(TrainingError, match="6 training pictures of flow"):
        train(data, tmp_path / "run", RECIPE, "cnn_multi")
