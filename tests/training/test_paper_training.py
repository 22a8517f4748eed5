"""Training as the papers do: Adam, unchanged pictures, an end when it has settled."""

import shutil
import zipfile
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cifake_core.basics import files
from cifake_core.basics.errors import TrainingError
from cifake_core.data import cifake
from cifake_core.evaluation.metrics import cross_entropy
from cifake_core.networks import PAPERS, store
from cifake_core.training import run_folder
from cifake_core.training.batches import BatchSource, RandomSampler
from cifake_core.training.recipes import (
    PAPER_RECIPES,
    RECIPES,
    PaperConfig,
    TrainConfig,
    may_go_on,
)
from tests.training.small_run import Interrupted, stop_at

EPOCHS = 3
#: As in `test_train`: sums may round differently on other machines.
TOLERANCE = 1e-5
#: The smallest network that has a dropout, whose draws a resumed run must repeat.
LIGHTEST = "pavani_modified"


def run_of(data: Path, run: Path, network: str = LIGHTEST, **options) -> Path:
    """Return the folder of a run with small batches, finished."""
    from cifake_core.training.train import train

    about_the_run = {"resume", "progress", "networks"} & options.keys()
    how = {name: options.pop(name) for name in about_the_run}
    config = PaperConfig(**{"epochs": EPOCHS, "batch_size": 8, **options})
    return train(network, data=data, run=run, config=config, **how)


@pytest.fixture(scope="module")
def finished(data, tmp_path_factory) -> Path:
    """Return the folder of a run that nothing interrupted; don't change it."""
    return run_of(data, tmp_path_factory.mktemp("runs") / "finished")


def rows(run: Path) -> list[dict[str, float]]:
    """Return the history of a run."""
    return list(run_folder.read_checkpoint(run).history)


def assert_same_network(run: Path, other: Path) -> None:
    """Compare the weights, and the history but for the seconds."""
    one, two = (store.load_model(folder) for folder in (run, other))
    for a, b in zip(one.weights, two.weights, strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=0, atol=TOLERANCE)
    for row, expected in zip(rows(run), rows(other), strict=True):
        for column in row.keys() - {"seconds"}:
            assert row[column] == pytest.approx(expected[column], abs=TOLERANCE)


def test_every_paper_has_its_recipe():
    """The stated figures stand in the table; ours are trained by another one."""
    assert PAPER_RECIPES.keys() == PAPERS.keys()
    assert not RECIPES.keys() & PAPERS.keys()
    stated = {
        name: (config.learning_rate, config.batch_size, config.patience)
        for name, config in PAPER_RECIPES.items()
        if name.startswith("hosen")
    }
    assert stated == {"hosen_cnn": (1e-5, 32, 20), "hosen_cnn3d": (1e-4, 32, 20)}
    assert PAPER_RECIPES["pallavi"].epochs == 15


@pytest.mark.parametrize(
    ("losses", "patience", "settled"),
    [
        ([], 2, False),
        ([0.5], 2, False),
        ([0.5, 0.6], 2, False),
        ([0.5, 0.6, 0.55], 2, True),
        ([0.5, 0.6, 0.4], 2, False),
        ([0.5, 0.5, 0.5], 2, True),
        ([0.5, 0.6, 0.55], None, False),
    ],
)
@pytest.mark.slow
def test_a_run_settles_when_its_loss_stops_falling(losses, patience, settled):
    """The first of the least losses counts, and no patience means no end."""
    from cifake_core.training.optimization import has_settled

    assert has_settled(losses, patience) is settled


def test_a_run_goes_on_with_its_own_recipe():
    """Only a paper's number of epochs may change: the others decide the rate."""
    paper, own = PaperConfig(epochs=2), TrainConfig(epochs=2)

    assert may_go_on(PaperConfig(epochs=9), asdict(paper))
    assert not may_go_on(PaperConfig(epochs=2, seed=1), asdict(paper))
    assert may_go_on(own, asdict(own))
    assert not may_go_on(TrainConfig(epochs=9), asdict(own))
    assert not may_go_on(paper, asdict(own))


def test_the_settings_of_our_runs_are_those_they_had():
    """A run started before the papers' recipes were added can be resumed."""
    config = TrainConfig(epochs=1)
    settings = asdict(config)
    known = {
        "epochs",
        "learning_rate",
        "weight_decay",
        "batch_size",
        "warmup",
        "clip_norm",
        "object_weight",
        "average_decay",
        "average_every",
        "tail",
        "tail_rate",
        "seed",
        "split_seed",
        "augmentation",
    }

    assert known < settings.keys()
    assert may_go_on(config, {name: settings[name] for name in known})


@pytest.mark.slow
def test_the_rate_is_constant():
    """Adam as Keras has it, at the stated rate, from the first step to the last."""
    from cifake_core.training.optimization import make_optimizer

    optimizer = make_optimizer(PaperConfig(learning_rate=1e-5), num_batches=100)

    assert type(optimizer).__name__ == "Adam"
    assert float(optimizer.learning_rate) == pytest.approx(1e-5)
    assert optimizer.weight_decay is None
    assert optimizer.global_clipnorm is None


def test_pictures_are_fed_as_they_are(data):
    """A paper's batch holds pictures of the split, neither moved nor mirrored."""
    split = cifake.load(data, "train")
    source = BatchSource(
        pictures=split,
        sampler=RandomSampler(np.arange(28)),
        kind="rgb",
        size=8,
        augmentation=PaperConfig.augmentation,
        seed=0,
    )

    pictures = {image.tobytes() for image in split.images.astype(np.float32)}
    fed = np.concatenate([batch[0] for batch in source.epoch(1)])
    assert len(fed) == 28
    assert {image.tobytes() for image in fed} == pictures


@pytest.mark.slow
def test_the_best_epoch_is_kept():
    """Of three epochs with losses 2, 1 and 3 the second leaves its weights."""
    import keras

    from cifake_core.training.optimization import BestEpoch

    weight = keras.Variable([0.0])
    keeper = BestEpoch([weight])

    losses = []
    for value, loss in ((1.0, 2.0), (2.0, 1.0), (3.0, 3.0)):
        weight.assign([value])
        keeper.update(keeper.is_due(1))
        losses.append(loss)
        keeper.after_epoch(losses)

    assert keeper.kept()[0].tolist() == [2.0]
    assert keeper.candidate()[0].tolist() == [3.0]


@pytest.mark.slow
def test_the_card_says_how_it_was_trained(finished):
    """Epochs run, precision and recipe stand there; nothing was calibrated."""
    card = store.load_card(finished)

    assert card.name == LIGHTEST
    assert card.config == asdict(PaperConfig(epochs=EPOCHS, batch_size=8))
    assert card.epochs == EPOCHS
    assert (card.temperature, card.logit_shift) == (1.0, 0.0)
    assert card.precision.endswith("answers in float32")
    assert card.model_sha256 == files.file_sha256(finished / store.WEIGHTS_FILE)
    assert card.float16_logit_change is None
    assert all("object_accuracy" not in row for row in rows(finished))


@pytest.mark.slow
def test_the_best_epoch_is_the_one_that_ships(finished):
    """The card's accuracy is that of the epoch with the least validation loss."""
    best = min(rows(finished), key=lambda row: row["validation_loss"])

    accuracy = store.load_card(finished).validation.accuracy.value

    assert accuracy == pytest.approx(best["validation_accuracy"])


@pytest.mark.slow
def test_validation_scores_name_no_objects(finished):
    """The answers on the pictures held out are kept, without object classes."""
    table = pd.read_parquet(finished / store.VALIDATION_FILE)

    assert len(table) == 2
    assert set(table["seen_classes"]) == {-1}


@pytest.mark.slow
def test_a_resumed_run_ends_like_an_uninterrupted_one(data, finished, tmp_path):
    """Same history and weights, dropout included; finished epochs stay."""
    run = tmp_path / "run"
    seen: list[int] = []

    with pytest.raises(Interrupted):
        run_of(data, run, progress=stop_at(2))
    run_of(data, run, resume=True, progress=lambda p: seen.append(p.epoch))

    assert sorted(set(seen)) == [2, 3]
    assert_same_network(run, finished)


@pytest.mark.slow
def test_a_finished_run_may_get_more_epochs(data, finished, tmp_path):
    """The two further ones follow those that there were, nothing is done twice."""
    run = shutil.copytree(finished, tmp_path / "run")

    run_of(data, run, resume=True, epochs=EPOCHS + 1)

    assert rows(run)[:EPOCHS] == rows(finished)
    assert len(rows(run)) == store.load_card(run).epochs == EPOCHS + 1
    with pytest.raises(TrainingError, match="Resume with those"):
        run_of(data, run, resume=True, learning_rate=0.5)


@pytest.mark.slow
def test_a_run_ends_when_its_loss_has_settled(data, tmp_path):
    """At a rate of nothing the loss stays, so patience decides the epochs."""
    run = run_of(
        data, tmp_path / "run", "bird_lotfi", epochs=9, patience=1, learning_rate=0.0
    )

    assert store.load_card(run).epochs == 2


#: Deep Vision's network with a dense layer just large enough to be rounded.
LARGE = {"large": replace(PAPERS["deep_vision_128"], options={"units": 1100})}


@pytest.mark.slow
def test_a_large_network_is_kept_in_half_the_space(data, tmp_path):
    """Its large kernel fits float16, the card's figures are those of the rounded."""
    run = run_of(data, tmp_path / "run", "large", epochs=1, networks=LARGE)

    card, model = store.load_card(run), store.load_model(run)
    assert 0 < card.float16_logit_change <= 1e-2
    kernels = [w.numpy() for w in model.weights if len(w.shape) > 1]
    fits = [np.array_equal(k, k.astype(np.float16)) for k in kernels]
    assert fits == [k.size == 1152 * 1100 for k in kernels]
    assert any(fits)
    assert {w.dtype for w in model.weights} == {"float32"}
    exact = 4 * card.parameters
    assert weights_size(run) < 0.6 * exact
    split = cifake.load(data, "train")
    _, held_out = cifake.split_training(split, seed=0)
    logits = np.asarray(model(split.images[held_out].astype("f4")))[:, 0]
    loss = cross_entropy(split.labels[held_out], logits)
    assert loss == pytest.approx(rows(run)[0]["validation_loss"], abs=1e-2)


@pytest.mark.slow
def test_rounding_that_moves_an_answer_is_left_out(data, tmp_path):
    """Where float16 changes a logit too much, all of the weights are shipped."""
    # steps of this size leave logits in the thousands
    run = run_of(
        data, tmp_path / "run", "large", epochs=1, learning_rate=1.0, networks=LARGE
    )

    card = store.load_card(run)
    assert card.float16_logit_change is None
    assert weights_size(run) > 0.9 * 4 * card.parameters


def weights_size(run: Path) -> int:
    """Return the bytes of the weights inside a saved network."""
    with zipfile.ZipFile(run / store.WEIGHTS_FILE) as archive:
        return archive.getinfo("model.weights.h5").file_size
