"""The papers' networks by one command: trained, measured, resumed, put in place."""

import os
import re
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from cifake_core.basics import files
from cifake_core.basics.errors import (
    DatasetError,
    ModelUnavailableError,
    UnknownNameError,
)
from cifake_core.basics.places import CHECKOUT
from cifake_core.data import cifake
from cifake_core.evaluation import scores
from cifake_core.networks import PAPERS, store
from cifake_core.papers import reproduction
from cifake_core.training import run_folder
from cifake_core.training.recipes import PAPER_RECIPES, PaperConfig
from tests.cards import network_card
from tests.models import validation_scores

ROOT = Path(__file__).parents[2]
#: The network of the fewest parameters.
MODELS = CHECKOUT / "models"
LIGHTEST = "pavani_modified"
EPOCHS = 3


def write_run(run: Path, *, name: str = LIGHTEST, sha256: str = "") -> Path:
    """Write what a finished and measured run holds, with bytes for weights."""
    run.mkdir(parents=True, exist_ok=True)
    (run / store.WEIGHTS_FILE).write_bytes(b"weights of " + name.encode())
    sha256 = sha256 or files.file_sha256(run / store.WEIGHTS_FILE)
    (run / store.HISTORY_FILE).write_text("epoch,loss\n1,0.5\n")
    card = network_card(name, sha256, epochs=1, seconds=2.0, config={})
    store.write_card(run, card)
    scores.write(validation_scores(name, sha256), run, store.VALIDATION_FILE)
    scores.keep(validation_scores(name, sha256), run, data_digest="d" * 64)
    return run


@pytest.fixture
def loads(monkeypatch) -> None:
    """Let any bytes pass for a network that Keras can read."""
    monkeypatch.setattr(store, "load_model", lambda _folder: None)


#: A reproduction with a long rest in the second epoch.
PROGRAM = """
import sys, time
from pathlib import Path
from cifake_core.papers.reproduction import reproduce

def rest(state):
    print("epoch", state.epoch, flush=True)
    if state.epoch == 2:
        time.sleep(600)

name, data, models, epochs = sys.argv[1:]
reproduce(
    name, data=Path(data), models=Path(models), epochs=int(epochs), progress=rest
)
"""


@pytest.mark.slow
def test_a_killed_reproduction_goes_on_where_it_was(tiny_zip, tmp_path):
    """Killed in its second epoch, the same command trains the rest and measures."""
    words = ["reproduce", LIGHTEST, "--data", str(tiny_zip), "--epochs", str(EPOCHS)]
    cache = tmp_path / "cache"
    options = {
        "cwd": ROOT,
        "env": {**os.environ, "XDG_CACHE_HOME": str(cache)},
        "stdout": subprocess.PIPE,
        "stderr": subprocess.DEVNULL,
        "text": True,
    }
    start = [LIGHTEST, str(tiny_zip), str(MODELS), str(EPOCHS)]
    with subprocess.Popen([sys.executable, "-c", PROGRAM, *start], **options) as first:
        for line in first.stdout:
            if line == "epoch 2\n":
                break
        first.kill()
    (checkpoint,) = cache.rglob(run_folder.CHECKPOINT_FILE)
    run = checkpoint.parent
    before = list(run_folder.read_checkpoint(run).history)
    shipped = sorted(path.name for path in MODELS.iterdir())

    done = subprocess.run(
        [sys.executable, "-m", "cifake_core", *words], check=True, **options
    )

    after = list(run_folder.read_checkpoint(run).history)
    assert len(before) == 1
    assert after[:1] == before
    card = store.load_card(run)
    assert card.epochs == len(after) == EPOCHS
    assert card.test["official"].n == 12
    assert card.test["leak_free"].n == 10
    assert card.assumed == PAPERS[LIGHTEST].assumed
    assert card.milliseconds > 0
    assert re.search(rf"^{LIGHTEST}: accuracy .* after 3 epochs", done.stdout)
    assert str(run) in done.stdout
    assert sorted(path.name for path in MODELS.iterdir()) == shipped


@pytest.mark.slow
def test_what_is_done_is_not_done_again(tiny_zip):
    """The second call trains nothing; more epochs go on with the first's."""
    first = reproduction.reproduce(LIGHTEST, data=tiny_zip, models=MODELS, epochs=1)
    seen: list[int] = []

    again = reproduction.reproduce(
        LIGHTEST,
        data=tiny_zip,
        models=MODELS,
        epochs=1,
        progress=lambda s: seen.append(s.epoch),
    )
    longer = reproduction.reproduce(
        LIGHTEST,
        data=tiny_zip,
        models=MODELS,
        epochs=2,
        progress=lambda s: seen.append(s.epoch),
    )

    assert first == again == longer
    assert set(seen) == {2}
    assert store.load_card(first).epochs == 2
    assert first.parent == run_folder.default_run("papers")


def test_an_unknown_network_is_told(tiny_zip):
    """Our own are not reproduced; the sentence lists the papers' networks."""
    with pytest.raises(UnknownNameError, match=r"'cnn'. Choose one of: bird_lotfi, pa"):
        reproduction.reproduce("cnn", data=tiny_zip, models=MODELS)


def test_a_data_set_that_is_all_leaked_is_refused(tiny_dataset, tmp_path):
    """Before anything is trained: there would be no leak-free figures."""
    root = tmp_path / "leaked"
    for split in ("train", "test"):
        for label in ("FAKE", "REAL"):
            folder = root / split / label
            folder.mkdir(parents=True)
            for file in sorted((tiny_dataset / "train" / label).iterdir())[:6]:
                (folder / file.name).write_bytes(file.read_bytes())

    with pytest.raises(DatasetError, match="stand in train/ too"):
        reproduction.reproduce(LIGHTEST, data=root, models=MODELS)

    assert not run_folder.default_run("papers").exists()


def test_other_pictures_have_another_run(tiny_dataset, tiny_zip):
    """The run's folder is named by network and pictures, wherever they lie."""
    one, two = (cifake.load(path, "train") for path in (tiny_dataset, tiny_zip))

    folder = reproduction.run_folder(LIGHTEST, one)

    assert folder == reproduction.run_folder(LIGHTEST, two)
    assert folder.name == f"{LIGHTEST}-{cifake.digest(one)[:8]}"


@pytest.mark.usefixtures("loads")
def test_a_small_network_is_shipped_whole(tmp_path):
    """Weights, card, history and both scores go to models/."""
    run = write_run(tmp_path / "run")

    place = reproduction.ship(run, tmp_path / "models")

    assert place == tmp_path / "models" / LIGHTEST
    assert sorted(p.name for p in place.iterdir()) == [
        "card.json",
        "history.csv",
        "model.keras",
        "test_scores.parquet",
        "validation_scores.parquet",
    ]
    assert store.available_papers(tmp_path / "models") == (LIGHTEST,)
    assert store.available(tmp_path / "models") == ()


@pytest.mark.usefixtures("loads")
def test_large_weights_stay_behind(tmp_path, monkeypatch):
    """Card, history and scores are shipped, and what is missing says how to make it."""
    monkeypatch.setattr(reproduction, "MAX_SHIPPED", 5)
    models = tmp_path / "models"
    run = write_run(tmp_path / "run")

    place = reproduction.ship(run, models)

    assert not (place / store.WEIGHTS_FILE).exists()
    assert (run / store.WEIGHTS_FILE).exists()
    assert scores.read(LIGHTEST, models).report(leak_free=False).n == 40
    assert store.available_papers(models) == ()


def test_weights_that_are_not_shipped_say_how_to_make_them(tmp_path):
    """The sentence names the command, not git."""
    run = write_run(tmp_path / "run")
    (run / store.WEIGHTS_FILE).unlink()

    with pytest.raises(ModelUnavailableError, match=rf"Make .* reproduce {LIGHTEST}`"):
        store.load_model(run)
    with pytest.raises(ModelUnavailableError, match=r"Make .* reproduce pallavi`"):
        store.load_card(tmp_path / "pallavi")


@pytest.mark.usefixtures("loads")
def test_what_is_shipped_already_is_left_alone(tmp_path):
    """What was added beside the same weights since stays there."""
    models = tmp_path / "models"
    run = write_run(tmp_path / "run")
    place = reproduction.ship(run, models)
    (place / "more").touch()

    reproduction.ship(run, models)
    kept = (place / "more").exists()
    reproduction.ship(write_run(run, sha256="f" * 64), models)

    assert kept
    assert not (place / "more").exists()
    assert store.load_card(place).model_sha256 == "f" * 64


@pytest.mark.usefixtures("loads")
def test_cifake_as_published_is_shipped(tiny_zip, tmp_path, monkeypatch):
    """A finished run on the published pictures goes to models/, on others it stays."""
    train, test = (cifake.load(tiny_zip, split) for split in ("train", "test"))
    config = PAPER_RECIPES[LIGHTEST]
    run = write_run(reproduction.run_folder(LIGHTEST, train))
    card = store.load_card(run)
    store.write_card(run, replace(card, config=asdict(config)))
    models = tmp_path / "models"

    here = reproduction.reproduce(LIGHTEST, data=tiny_zip, models=models)
    digest = cifake.digest(train, test)
    monkeypatch.setattr(cifake, "PUBLISHED_DIGEST", digest)
    there = reproduction.reproduce(LIGHTEST, data=tiny_zip, models=models)

    assert (here, there) == (run, models / LIGHTEST)


def test_shipped_networks_keep_to_their_size():
    """None of the papers' weights is over 30 MB, all together are not over 60."""
    files = [MODELS / name / store.WEIGHTS_FILE for name in PAPERS]

    sizes = [file.stat().st_size for file in files if file.is_file()]

    assert all(size <= reproduction.MAX_SHIPPED for size in sizes)
    assert sum(sizes) <= 60_000_000


def test_shipped_cards_quote_their_scores():
    """Their figures are those of their scores on the published pictures."""
    for name in PAPERS:
        folder = MODELS / name
        if not folder.is_dir():
            continue
        card, shipped = store.load_card(folder), scores.read(name, MODELS)
        for subset, leak_free in (("official", False), ("leak_free", True)):
            accuracy = shipped.report(leak_free=leak_free).accuracy.value
            assert card.test[subset].accuracy.value == pytest.approx(accuracy)
        assert card.data_digest == cifake.PUBLISHED_DIGEST
        assert replace(PaperConfig(**card.config), epochs=1) == replace(
            PAPER_RECIPES[name], epochs=1
        )
