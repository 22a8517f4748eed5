"""The command line: what it prints, what it refuses, and with which status."""

import hashlib
import importlib.machinery
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from cifake_core import cli
from cifake_core.basics import files
from cifake_core.basics.errors import CifakeError
from cifake_core.cli.commands import benchmark, evaluate, explain, predict, train
from cifake_core.cli.terminal import output
from cifake_core.data import cifake
from cifake_core.evaluation import scores
from cifake_core.explain.channel_values import plane_means, stored_means
from cifake_core.networks import store
from cifake_core.networks.records import Answers
from cifake_core.pictures.filters import FILTERS, stack
from cifake_core.pictures.preprocessing import prepare
from cifake_core.pictures.reading import read_picture
from cifake_core.training import run_folder
from cifake_core.training.recipes import RECIPES, TrainConfig
from cifake_core.training.records import TrainingProgress
from cifake_core.verdicts.records import Prediction, Verdict
from tests.cards import network_card
from tests.models import validation_scores

ROOT = Path(__file__).parents[2]
CAT = ROOT / "assets" / "samples" / "cat_32.png"
#: A command whose picture is not there, to which tests add what is wrong before.
EXPLAIN = (
    *("explain", "none.png", "--out", "a.png"),
    *("--network", "cnn", "--method", "lime"),
)
REPORT_KEYS = {
    "network",
    "n",
    "accuracy",
    "accuracy_ci95",
    "precision",
    "recall",
    "f1",
    "roc_auc",
    "ece",
    "confusion",
    "model_sha256",
}


AREAS = (
    "deletion_auc",
    "random_deletion_auc",
    "insertion_auc",
    "random_insertion_auc",
)


class FakeDetector:
    """Two networks that see a FAKE in every picture."""

    def __init__(self, models: Path) -> None:
        self.models = models

    def names(self) -> tuple[str, ...]:
        """Return two of the three networks."""
        return ("cnn", "cnn3d")

    def judge(self, image, *, networks) -> Verdict:
        """Return the same prediction from each network."""
        prepared = prepare(image)
        predictions = {
            name: Prediction(
                network=name, logit=-2, p_real=0.1, milliseconds=3, model_sha256="00"
            )
            for name in networks
        }
        return Verdict(
            decision="UNSURE",
            reasons=("It is too small.",),
            predictions=predictions,
            prepared=prepared,
            planes=stack(prepared.pixels),
        )


class FakeNetwork:
    """A scorer that tells green pictures from red ones, as the tiny set has them."""

    name = "cnn"
    sha256 = "c0ffee"

    def logits(self, images):
        """Return how much greener than red each picture is."""
        red, green = images[..., 0].mean((1, 2)), images[..., 1].mean((1, 2))
        return np.asarray(green - red, np.float32)

    def answers(self, images):
        """Return the logits; this network names no objects."""
        return Answers(logits=self.logits(images))


@pytest.fixture(autouse=True)
def no_tensorflow(request, monkeypatch):
    """Let commands go on without the slow import, but in slow tests."""
    if request.node.get_closest_marker("slow"):
        return
    for module in (benchmark, evaluate, explain, predict, train):
        monkeypatch.setattr(module, "import_tensorflow", lambda: None)


@pytest.fixture
def judged(monkeypatch):
    """Let `predict` ask networks that need no weights."""
    monkeypatch.setattr(predict, "Judge", FakeDetector)


@pytest.fixture
def models(tmp_path, monkeypatch) -> Path:
    """Return a models folder whose cnn is the fake one; a run lies in `run/`."""
    folder = tmp_path / "models"
    for place in (folder / "cnn", tmp_path / "run"):
        place.mkdir(parents=True)
        store.write_card(place, network_card("cnn", FakeNetwork.sha256))
    monkeypatch.setattr(store, "MODELS", folder)
    monkeypatch.setattr(evaluate, "_load_network", lambda _name: FakeNetwork())
    return folder


@pytest.fixture
def alone(tiny_dataset, tmp_path) -> Path:
    """Return a data set without train/."""
    data = tmp_path / "only"
    shutil.copytree(tiny_dataset / "test", data / "test")
    return data


@pytest.fixture
def training(monkeypatch):
    """Let `train` drive a stand-in; return what it was asked for."""
    asked = SimpleNamespace(config=None, resume=None, run=None, stop=None)
    # a job in the background is started deaf to Ctrl-C
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    def fake_train(network, **options):
        asked.config, asked.resume = options["config"], options["resume"]
        asked.run = run = options["run"]
        run.mkdir(parents=True, exist_ok=True)
        options["progress"](
            TrainingProgress(
                epoch=1,
                num_epochs=asked.config.epochs,
                batch=9,
                num_batches=9,
                loss=0.5,
                accuracy=0.75,
                seconds_left=3700,
                validation_accuracy=None,
            )
        )
        if asked.stop:
            signal.raise_signal(asked.stop)
        figures = {"accuracy": 0.875, "accuracy_ci95": [0.8, 0.9], "n": 8}
        card = {"name": network, "model_sha256": "a", "validation": figures}
        store.write_card(run, card)

    fake = SimpleNamespace(train=fake_train)
    monkeypatch.setitem(sys.modules, "cifake_core.training.train", fake)
    yield asked
    signal.signal(signal.SIGINT, before)


def names_in(folder: Path) -> list[str]:
    """Return the names in a folder, sorted."""
    return sorted(path.name for path in folder.iterdir())


def one_sentence(capsys) -> str:
    """Return what a refusal said: nothing on stdout, one line on stderr."""
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    return captured.err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "required: COMMAND"),
        (["paint"], "invalid choice: 'paint'"),
        (["data", "eat"], "invalid choice: 'eat'"),
        (["filters", "a.png"], "required: --out"),
        (["predict"], "required: PICTURE"),
        (["train", "cnn", "--epochs", "0"], "whole number from 1"),
        (["train", "cnn", "--epochs", "ten"], "received 'ten'"),
        (["train", "cnn", "--set", "corrupted"], "NAME=NUMBER, received 'corrupted'"),
        (["train", "cnn", "--set", "corrupted=-1"], "number from 0, received '-1'"),
        (["train", "cnn", "--set", "corrupted=all"], "number from 0, received 'all'"),
        (
            [
                "explain",
                "a",
                "--network",
                "cnn",
                "--method",
                "lime",
                "--out",
                "b",
                "--seed",
                "-1",
            ],
            "whole number from 0",
        ),
        (
            [
                "explain",
                "a",
                "--network",
                "cnn",
                "--method",
                "lime",
                "--out",
                "b",
                "--label",
                "CAT",
            ],
            "invalid choice: 'CAT'",
        ),
        ([*EXPLAIN, "--set", "num_samples"], "expected NAME=NUMBER, received 'num_s"),
        ([*EXPLAIN, "--set", "=3"], "expected NAME=NUMBER, received '=3'"),
        ([*EXPLAIN, "--set", "num_samples=many"], "received 'many'"),
    ],
)
def test_a_wrong_command_is_one_sentence(arguments, complaint, capsys):
    """What the parser refuses ends with status 2, one line and where to find help."""
    with pytest.raises(SystemExit, match="2"):
        cli.main(arguments)

    sentence = one_sentence(capsys)
    assert complaint in sentence
    assert "--help`" in sentence


@pytest.mark.parametrize(
    "command",
    ["", "data", "filters", "predict", "explain", "train", "evaluate", "benchmark"],
)
def test_help_is_there_for_every_command(command, capsys):
    """Help can be printed for the program and for each of its commands."""
    with pytest.raises(SystemExit, match="0"):
        cli.main([*command.split(), "--help"])

    assert f"usage: python -m cifake_core {command}".rstrip() in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["filters", "none.png", "--out", "six"], "no file at 'none.png'"),
        (["data", "info", "--data", "none.zip"], "no data set at none.zip"),
        (["data", "info"], "not on this machine"),
        (["data", "download", "--data", "x"], "Leave out --data"),
        (["train"], "either the name of a network"),
        (["train", "cnn", "--promote", "run"], "either the name of a network"),
        (["train", "--promote", "run", "--resume"], "either the name of a network"),
        (["train", "vit"], "no network called 'vit'"),
        (["train", "cnn", "--data", "none.zip"], "no data set at none.zip"),
        (["train", "--promote", "none"], "none holds no finished network"),
        (["evaluate", "vit"], "no finished run or network called 'vit'"),
        (["evaluate", "cnn3d"], "no trained network in"),
        (["evaluate", "ensemble", "--save"], "follow from those of cnn and cnn3d"),
        (["predict", "cat.png"], "no trained networks"),
        (
            [
                "explain",
                "cat.png",
                "--network",
                "vit",
                "--method",
                "lime",
                "--out",
                "a.png",
            ],
            "no network called 'vit'",
        ),
        (
            [
                "explain",
                "cat.png",
                "--network",
                "cnn",
                "--method",
                "magic",
                "--out",
                "a.png",
            ],
            "no method called 'magic'",
        ),
        (
            [
                "explain",
                "none.png",
                "--network",
                "cnn",
                "--method",
                "lime",
                "--out",
                "a.png",
            ],
            "no file at 'none.png'",
        ),
        ([*EXPLAIN, "--set", "num_samples=7"], "from 100 to 5000 in steps of 100"),
        ([*EXPLAIN, "--set", "side=8"], "no setting of LIME called 'side'"),
        (["benchmark"], "no trained networks"),
    ],
)
def test_bad_input_is_one_sentence(arguments, complaint, models, monkeypatch, capsys):
    """What a person can mend ends with status 2 and one line on stderr."""
    monkeypatch.chdir(models.parent)

    status = cli.main(arguments)

    assert status == 2
    assert complaint in one_sentence(capsys)


@pytest.mark.usefixtures("models")
def test_json_does_not_change_how_bad_input_is_told(capsys):
    """A refusal with --json leaves stdout empty."""
    status = cli.main(["evaluate", "vit", "--json"])

    assert status == 2
    assert "vit" in one_sentence(capsys)


def test_light_commands_do_not_load_tensorflow(tmp_path, tiny_dataset):
    """Help, `filters` and `data` answer before the slow import."""
    program = (
        "import sys\n"
        "from cifake_core.cli import main\n"
        "try:\n"
        "    status = main(sys.argv[1:])\n"
        "except SystemExit as error:\n"
        "    status = error.code\n"
        "heavy = {'keras', 'tensorflow', 'streamlit'} & set(sys.modules)\n"
        "sys.exit(f'loads {sorted(heavy)}' if heavy else status)\n"
    )
    commands = (
        ["--help"],
        ["filters", str(CAT), "--out", str(tmp_path)],
        ["data", "info", "--data", str(tiny_dataset)],
    )

    runs = [
        subprocess.run(
            [sys.executable, "-c", program, *command],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        for command in commands
    ]

    assert [(run.returncode, run.stderr) for run in runs] == [(0, "")] * 3


def test_opencv_without_libgl_is_one_sentence(tmp_path):
    """A library that OpenCV misses is told with the packages to install."""
    broken = tmp_path / f"cv2{importlib.machinery.EXTENSION_SUFFIXES[0]}"
    broken.write_bytes(b"")

    done = subprocess.run(
        [sys.executable, "-m", "cifake_core", "filters", str(CAT), "--out", "six"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "apt install libgl1 libglib2.0-0" in done.stderr


def test_another_missing_package_is_not_blamed_on_opencv(monkeypatch):
    """An import error that is not OpenCV's is left as it is."""

    def fail(_name: str) -> None:
        msg = "No module named 'plotly'"
        raise ImportError(msg, name="plotly")

    monkeypatch.setattr(cli, "importlib", SimpleNamespace(import_module=fail))

    with pytest.raises(ImportError, match="plotly"):
        cli.main(["data", "info"])


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (KeyboardInterrupt(), 130, "Stopped."),
        (CifakeError("One.\nTwo."), 2, "One. Two."),
        (PermissionError(13, "No entry"), 2, "The system refused: [Errno 13] No entry"),
        (MemoryError(), 2, "too little memory. Close other programs"),
    ],
)
def test_no_failure_shows_a_traceback(error, status, words, monkeypatch, capsys):
    """Ctrl-C, a message of two lines and the system's refusal are one line each."""

    def fail(_options: object) -> int:
        raise error

    command = SimpleNamespace(run=fail)
    monkeypatch.setattr(
        cli, "importlib", SimpleNamespace(import_module=lambda _name: command)
    )

    returned = cli.main(["data", "info"])

    assert returned == status
    assert words in one_sentence(capsys)


def test_filters_writes_the_six_channels_in_order(tmp_path, capsys):
    """The files are numbered and hold, byte for byte, what the networks see."""
    expected = stack(prepare(read_picture(CAT).pixels).pixels)

    status = cli.main(["filters", str(CAT), "--out", str(tmp_path / "new" / "six")])

    paths = [Path(line) for line in capsys.readouterr().out.splitlines()]
    numbered = [f"{number}_{name}.png" for number, name in enumerate(FILTERS, 1)]
    assert status == 0
    assert [path.name for path in paths] == numbered
    assert names_in(tmp_path / "new" / "six") == numbered
    for path, plane in zip(paths, expected, strict=True):
        pixels = read_picture(path).pixels
        assert np.array_equal(pixels, np.stack([plane] * 3, axis=2))


def test_filters_refuses_a_folder_that_is_a_file(tmp_path, capsys):
    """Where no folder can be made, that is said."""
    file = tmp_path / "taken"
    file.write_text("")

    status = cli.main(["filters", str(CAT), "--out", str(file)])

    assert status == 2
    assert "cannot be made" in one_sentence(capsys)


@pytest.mark.usefixtures("judged")
def test_predict_prints_one_object_for_each_picture_and_network(capsys):
    """JSON Lines hold exactly the promised keys."""
    status = cli.main(["predict", str(CAT), str(CAT), "--json"])

    captured = capsys.readouterr()
    lines = [json.loads(line) for line in captured.out.splitlines()]
    assert status == 0
    assert captured.err == ""
    assert [line["network"] for line in lines] == ["cnn", "cnn3d"] * 2
    assert lines[0] == {
        "path": str(CAT),
        "network": "cnn",
        "label": "FAKE",
        "verdict": "UNSURE",
        "p_fake": 0.9,
        "p_real": 0.1,
        "reasons": ["It is too small."],
        "milliseconds": 3,
    }


@pytest.mark.usefixtures("judged")
def test_a_bad_picture_does_not_stop_the_others(tmp_path, capsys):
    """Its line carries path and error, the rest is judged, the status is 2."""
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"")
    arguments = ["predict", str(bad), str(CAT), "--network", "cnn3d", "--json"]

    status = cli.main(arguments)

    captured = capsys.readouterr()
    first, second = (json.loads(line) for line in captured.out.splitlines())
    assert status == 2
    assert first.keys() == {"path", "error"}
    assert first["path"] == str(bad)
    assert (second["path"], second["network"]) == (str(CAT), "cnn3d")
    assert captured.err == "1 of 2 pictures could not be judged.\n"


@pytest.mark.usefixtures("judged")
def test_predict_reads_well_without_json(tmp_path, capsys):
    """A person gets a line a network, the reasons, and the fault of a bad file."""
    missing = tmp_path / "none.png"

    status = cli.main(["predict", str(CAT), str(missing)])

    lines = capsys.readouterr().out.splitlines()
    assert status == 2
    assert lines[0] == f"{CAT}: 2D-CNN says FAKE (90.0%, 3.0 ms), verdict UNSURE"
    assert lines[1].startswith(f"{CAT}: 3D-CNN says FAKE")
    assert lines[2] == "  It is too small."
    assert "There is no file" in lines[3]


@pytest.mark.usefixtures("judged")
@pytest.mark.parametrize("name", ["vit", "ensemble"])
def test_predict_refuses_a_network_that_is_not_there(name, capsys):
    """Neither an unknown nor an untrained network is asked."""
    status = cli.main(["predict", str(CAT), "--network", name])

    assert status == 2
    assert f"called '{name}'" in one_sentence(capsys)


def test_data_info_tells_what_the_set_holds(tiny_zip, capsys):
    """The object has counts, duplicates and the digest, and says it is not CIFAKE."""
    status = cli.main(["data", "info", "--data", str(tiny_zip), "--json"])

    facts = json.loads(capsys.readouterr().out)
    assert status == 0
    assert facts["counts"] == {
        "train/FAKE": 14,
        "train/REAL": 14,
        "test/FAKE": 6,
        "test/REAL": 6,
    }
    assert facts["duplicates"]["leak_free_test"] == 10
    assert re.fullmatch("[0-9a-f]{64}", facts["content_digest"])
    assert facts["is_published"] is False


def test_data_info_reads_well(tiny_zip, capsys):
    """A person gets the same without braces."""
    cli.main(["data", "info", "--data", str(tiny_zip)])

    text = capsys.readouterr().out
    assert "train/FAKE 14" in text
    assert "not CIFAKE as published" in text
    assert "{" not in text


def test_data_verify_refuses_another_set(tiny_zip, capsys):
    """A set with other counts is not CIFAKE."""
    status = cli.main(["data", "verify", "--data", str(tiny_zip), "--json"])

    assert status == 2
    assert "not CIFAKE as published" in one_sentence(capsys)


def test_data_download_says_where_the_set_lies(tmp_path, monkeypatch, capsys):
    """What arrived is named; the progress is not on stdout."""
    monkeypatch.setattr("cifake_core.cli.commands.data.download", lambda **_: tmp_path)

    status = cli.main(["data", "download", "--json"])

    assert status == 0
    assert json.loads(capsys.readouterr().out) == {"path": str(tmp_path)}


@pytest.mark.usefixtures("models")
def test_evaluate_needs_no_training_pictures(alone, capsys):
    """A folder with test/ alone is enough, and the object has the promised keys."""
    status = cli.main(["evaluate", "cnn", "--data", str(alone), "--json"])

    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert status == 0
    assert report.keys() >= REPORT_KEYS
    assert (report["network"], report["model_sha256"]) == ("cnn", "c0ffee")
    assert report["n"] == 12
    assert sum(map(sum, report["confusion"])) == 12
    assert report["accuracy"] > 0.9


@pytest.mark.usefixtures("models")
def test_evaluate_opens_nothing_under_train(tiny_zip, monkeypatch, capsys):
    """Without --leak-free and --save only the test split is loaded."""
    loaded = []
    load = cifake.load

    def spy(path, split, **options):
        loaded.append(split)
        return load(path, split, **options)

    monkeypatch.setattr(cifake, "load", spy)

    cli.main(["evaluate", "cnn", "--data", str(tiny_zip)])

    assert loaded == ["test"]
    assert "on 12 test pictures" in capsys.readouterr().out


@pytest.mark.usefixtures("models")
def test_evaluate_leak_free_leaves_copies_out(tiny_zip, capsys):
    """One picture is in train/ and one stands twice, so two go."""
    cli.main(["evaluate", "cnn", "--data", str(tiny_zip), "--leak-free", "--json"])

    assert json.loads(capsys.readouterr().out)["n"] == 10


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize("flag", ["--leak-free", "--save"])
def test_leaks_need_the_training_pictures(flag, alone, monkeypatch, capsys):
    """Without train/ the flags are refused, and no score is made."""
    monkeypatch.delattr(FakeNetwork, "answers")

    status = cli.main(["evaluate", "cnn", "--data", str(alone), flag])

    assert status == 2
    assert "with train/" in one_sentence(capsys)


@pytest.mark.usefixtures("models")
def test_no_leak_free_set_is_told(tmp_path, tiny_dataset, capsys):
    """Where every test picture is a training picture there is nothing to measure."""
    data = tmp_path / "leaky"
    data.mkdir()
    for split in ("train", "test"):
        shutil.copytree(tiny_dataset / "test", data / split)

    status = cli.main(["evaluate", "cnn", "--data", str(data), "--leak-free"])

    assert status == 2
    assert "no leak-free test set" in one_sentence(capsys)


def test_saving_completes_the_card_of_a_run(models, tiny_zip, capsys):
    """Scores and both reports come beside the weights; the card keeps its own."""
    run = models.parent / "run"

    status = cli.main(["evaluate", str(run), "--data", str(tiny_zip), "--save"])

    card = store.load_card(run)
    assert status == 0
    assert card["model_sha256"] == "c0ffee"
    assert card["test"]["official"]["n"] == 12
    assert card["test"]["leak_free"]["n"] == 10
    assert card["test_scores_sha256"] == files.file_sha256(run / store.SCORES_FILE)
    assert re.fullmatch("[0-9a-f]{64}", card["data_digest"])
    assert "plane_means" not in card
    assert "2D-CNN (c0ffee) on 12 test pictures" in capsys.readouterr().out


def test_the_card_of_a_network_on_planes_tells_their_means(
    models, tiny_zip, monkeypatch
):
    """They are those of the training pictures, where its explanation finds them."""
    monkeypatch.setattr(FakeNetwork, "name", "cnn3d")
    run = models.parent / "run"

    status = cli.main(["evaluate", str(run), "--data", str(tiny_zip), "--save"])

    expected = plane_means(cifake.load(tiny_zip, "train"))
    assert status == 0
    np.testing.assert_allclose(stored_means("run", models.parent), expected)


@pytest.mark.parametrize("by_folder", [False, True])
def test_shipped_figures_are_on_the_published_set_alone(
    by_folder, models, tiny_zip, capsys
):
    """Neither by name nor by folder can another data set get into models/."""
    name = str(models / "cnn") if by_folder else "cnn"

    status = cli.main(["evaluate", name, "--data", str(tiny_zip), "--save"])

    assert status == 2
    assert "not CIFAKE as published" in one_sentence(capsys)
    assert names_in(models / "cnn") == [store.CARD_FILE]


def test_the_published_set_may_be_saved_in_models(models, tiny_zip, monkeypatch):
    """With the published digest the scores go beside the shipped weights."""
    splits = (cifake.load(tiny_zip, "train"), cifake.load(tiny_zip, "test"))
    monkeypatch.setattr(cifake, "PUBLISHED_DIGEST", cifake.digest(*splits))

    status = cli.main(["evaluate", "cnn", "--data", str(tiny_zip), "--save"])

    assert status == 0
    assert (models / "cnn" / store.SCORES_FILE).is_file()


def test_train_says_what_comes_next(training, tiny_zip, tmp_path, capsys):
    """The end names run, validation accuracy and the next two commands."""
    run = tmp_path / "my run"

    status = cli.main(
        ["train", "cnn", "--data", str(tiny_zip), "--epochs", "2", "--out", str(run)]
    )

    captured = capsys.readouterr()
    assert status == 0
    assert (training.config.epochs, training.resume) == (2, False)
    assert "epoch 1/2, 100%, loss 0.500, accuracy 75.0%, 1 h 01 min left" in (
        captured.err
    )
    assert "Validation accuracy 87.50%" in captured.out
    assert f'evaluate "{run}" --save --data {tiny_zip}' in captured.out
    assert f'train --promote "{run}"' in captured.out


def test_train_follows_the_recipe_into_the_default_run(training, tiny_zip):
    """Without options the recipe's epochs and the cache's run folder are used."""
    cli.main(["train", "cnn", "--data", str(tiny_zip)])

    assert training.config == RECIPES["cnn"]
    assert training.run == run_folder.default_run("cnn")


@pytest.fixture
def interrupted_run(own_cache) -> Path:
    """Return the default run of the 2D-CNN, broken off after one of six epochs."""
    run = own_cache / "runs" / "cnn"
    checkpoint = run_folder.Checkpoint(
        network="cnn",
        settings=asdict(TrainConfig(epochs=6)),
        history=[{"epoch": 1.0}],
        arrays=[],
    )
    run_folder.write_checkpoint(run, checkpoint)
    return run


@pytest.mark.usefixtures("interrupted_run")
@pytest.mark.parametrize("epochs", [[], ["--epochs", "6"]])
def test_resume_takes_the_recipe_of_the_run(epochs, training, tiny_zip):
    """The run's epochs hold, whatever the shipped recipe says."""
    status = cli.main(["train", "cnn", "--data", str(tiny_zip), "--resume", *epochs])

    assert status == 0
    assert (training.config, training.resume) == (TrainConfig(epochs=6), True)


@pytest.mark.usefixtures("interrupted_run")
def test_resume_takes_a_tail(training, tiny_zip):
    """Epochs may follow those that the run was started with."""
    command = ["train", "cnn", "--data", str(tiny_zip), "--resume"]

    status = cli.main([*command, "--set", "tail=2"])

    assert status == 0
    assert training.config == TrainConfig(epochs=6, tail=2)


@pytest.mark.usefixtures("interrupted_run")
def test_resume_refuses_other_epochs(training, tiny_zip, capsys):
    """A run's learning rate follows its length, so that can't change half-way."""
    command = ["train", "cnn", "--data", str(tiny_zip), "--resume", "--epochs", "3"]

    status = cli.main(command)

    assert status == 2
    assert "started with epochs 6, not 3" in one_sentence(capsys)
    assert training.config is None


def test_a_trial_changes_numbers_of_the_recipe(training, tiny_zip, tmp_path):
    """Those of the training and those of the pictures have one list of names."""
    trial = ["--set", "corrupted=0", "--set", "weight_decay=1e-3", "--epochs", "10"]

    cli.main(["train", "cnn", "--data", str(tiny_zip), "--out", str(tmp_path), *trial])

    recipe = RECIPES["cnn"]
    assert training.config == replace(
        recipe,
        epochs=10,
        tail=0,
        weight_decay=1e-3,
        augmentation=replace(recipe.augmentation, corrupted=0.0),
    )


@pytest.mark.usefixtures("interrupted_run", "training")
def test_resume_refuses_another_trial(tiny_zip, capsys):
    """Numbers named again must be those of the run."""
    command = ["train", "cnn", "--data", str(tiny_zip), "--resume"]

    assert cli.main([*command, "--set", "seed=0"]) == 0
    capsys.readouterr()
    status = cli.main([*command, "--set", "corrupted=0", "--set", "seed=0"])

    assert status == 2
    assert "with corrupted 0.4, not 0.0. Leave out" in one_sentence(capsys)


def test_resume_refuses_a_run_that_never_was(training, tiny_zip, capsys):
    """Nothing is trained in place of what was to be gone on with."""
    status = cli.main(["train", "cnn", "--data", str(tiny_zip), "--resume"])

    assert status == 2
    assert "nothing to resume" in one_sentence(capsys)
    assert training.config is None


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_training_says_how_to_go_on(
    how, training, interrupted_run, tiny_zip, capsys
):
    """Ctrl-C and `kill` give the command that resumes, and status 130."""
    training.stop = how
    run, before = str(interrupted_run), signal.getsignal(signal.SIGTERM)

    status = cli.main(["train", "cnn", "--data", str(tiny_zip), "--out", run])

    assert status == 130
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.endswith(f"train cnn --resume --data {tiny_zip} --out {run}")
    assert signal.getsignal(signal.SIGTERM) is before


def test_interrupted_first_epoch_is_started_again(training, tiny_zip, capsys):
    """Without a checkpoint there is nothing to resume, and that is said."""
    training.stop = signal.SIGINT

    status = cli.main(["train", "cnn", "--data", str(tiny_zip)])

    assert status == 130
    assert "before the first epoch was finished" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (59.6, "1 min 00 s"), (61, "1 min 01 s"), (7260, "2 h 01 min")],
)
def test_durations_are_said_as_people_do(seconds, words):
    """Seconds, minutes or hours, whichever fits."""
    assert output.duration(seconds) == words


class Terminal(io.StringIO):
    """A stderr that a person looks at."""

    def isatty(self) -> bool:
        """Return that somebody looks."""
        return True


def test_progress_in_a_log_is_rare(monkeypatch, capsys):
    """Lines come every ten seconds and where they have to stand."""
    clock = iter([0.0, 5.0, 9.9, 10.1, 10.1, 12.0, 13.0])
    monkeypatch.setattr(output, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    line = output.ProgressLine()

    for text in ("five", "nine", "ten"):
        line.show(text)
    line.show("end", keep=True)
    line.show("soon after")
    line.close()

    assert capsys.readouterr().err == "ten\nend\n"


def test_progress_on_a_terminal_is_one_line(monkeypatch):
    """It is redrawn in place, and a shorter text leaves nothing of a longer one."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    line = output.ProgressLine()
    monkeypatch.setattr(line, "_pause", 0)
    monkeypatch.setattr(line, "_next", 0)

    line.show("a long text")
    line.show("short")
    line.close()

    assert terminal.getvalue() == "\ra long text\rshort      \n"


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    """Where the place is taken by a folder, nothing is left behind."""
    (tmp_path / "out.png").mkdir()

    with pytest.raises(CifakeError, match="cannot be written"):
        output.write_file(tmp_path / "out.png", b"pixels")

    assert names_in(tmp_path) == ["out.png"]


@pytest.mark.usefixtures("training")
@pytest.mark.parametrize(
    ("gone", "words"),
    [
        ("train", "holds no pictures in train/FAKE. Expected the layout of CIFAKE"),
        ("train/REAL", "holds no pictures in train/REAL. Expected the layout"),
        (".", "There is no data set at"),
    ],
)
def test_training_names_what_a_data_set_lacks(
    gone, words, tiny_dataset, tmp_path, capsys
):
    """A folder that is not there is named before a run is begun."""
    data, run = tmp_path / "data", tmp_path / "run"
    shutil.copytree(tiny_dataset, data)
    shutil.rmtree(data / gone)

    status = cli.main(["train", "cnn", "--data", str(data), "--out", str(run)])

    assert status == 2
    assert words in one_sentence(capsys)
    assert not run.exists()


@pytest.mark.usefixtures("training")
def test_training_names_an_unreadable_picture(tiny_dataset, tmp_path, capsys):
    """The file can be found and mended; nothing else was done meanwhile."""
    data, run = tmp_path / "data", tmp_path / "run"
    shutil.copytree(tiny_dataset, data)
    broken = sorted((data / "train" / "REAL").iterdir())[3]
    broken.write_bytes(broken.read_bytes()[:200])

    status = cli.main(["train", "cnn", "--data", str(data), "--out", str(run)])

    sentence = one_sentence(capsys)
    assert status == 2
    assert f"train/REAL/{broken.name} in {data} is not a usable picture" in sentence
    assert not run.exists()


@pytest.fixture(scope="module")
def tiny_models(tmp_path_factory) -> Path:
    """Return a models folder with two small untrained networks."""
    import keras

    from cifake_core.networks.cnn import build_cnn
    from cifake_core.networks.cnn3d import build_cnn3d

    keras.utils.set_random_seed(0)
    models = tmp_path_factory.mktemp("models")
    for name, build in (("cnn", build_cnn), ("cnn3d", build_cnn3d)):
        folder = models / name
        folder.mkdir()
        sha256 = store.save_model(build(widths=(4, 8, 8)), folder)
        store.write_card(folder, network_card(name, sha256))
        scores.write(validation_scores(name, sha256), folder, store.VALIDATION_FILE)
    return models


@pytest.fixture
def shipped(tiny_models, monkeypatch):
    """Let commands find the small networks in models/."""
    monkeypatch.setattr(store, "MODELS", tiny_models)


@pytest.mark.slow
@pytest.mark.usefixtures("shipped")
def test_predict_asks_every_network(capsys):
    """`all` is cnn, cnn3d and ensemble, and the probabilities add up."""
    status = cli.main(["predict", str(CAT), "--json"])

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert status == 0
    assert [line["network"] for line in lines] == ["cnn", "cnn3d", "ensemble"]
    assert all(line["p_fake"] + line["p_real"] == pytest.approx(1) for line in lines)
    assert len({line["verdict"] for line in lines}) == 1


@pytest.mark.slow
@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("network", ["cnn", "ensemble"])
@pytest.mark.parametrize("method", ["gradcam", "lime"])
def test_explain_writes_overlay_and_map(network, method, tmp_path, capsys):
    """The map is float32 (32, 32), its hash is the printed one, and it repeats."""
    words = f"--network {network} --method {method} --seed 3 --json".split()

    records = []
    for name in ("a", "b"):
        files = ["--out", str(tmp_path / f"{name}.png")]
        files += ["--map", str(tmp_path / f"{name}.npy")]
        assert cli.main(["explain", str(CAT), *words, *files]) == 0
        records.append(json.loads(capsys.readouterr().out.splitlines()[-1]))

    heatmap = np.load(tmp_path / "a.npy")
    first, second = records
    assert first.keys() == {
        "network",
        "method",
        "label",
        "seed",
        "settings",
        "heatmap_sha256",
        *AREAS,
        "trust_score",
        "trust_spread",
        "trust_beaten",
        "trust",
        "replacements",
        "seconds",
    }
    for area in AREAS:
        each = [facts[area] for facts in first["replacements"].values()]
        assert first[area] == pytest.approx(np.mean(each)) == second[area]
    assert (first["network"], first["method"], first["seed"]) == (network, method, 3)
    assert (heatmap.shape, heatmap.dtype) == ((32, 32), np.dtype("<f4"))
    assert hashlib.sha256(heatmap.tobytes()).hexdigest() == first["heatmap_sha256"]
    assert first["heatmap_sha256"] == second["heatmap_sha256"]
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert names_in(tmp_path) == ["a.npy", "a.png", "b.npy", "b.png"]


@pytest.mark.slow
@pytest.mark.usefixtures("shipped")
def test_explain_takes_settings_of_the_method(tmp_path, capsys):
    """What is set stands in the record, the last word counts, the rest is default."""
    words = ["--network", "cnn", "--method", "occlusion", "--json"]
    words += ["--set", "side=4", "--set", "side=16"]

    status = cli.main(["explain", str(CAT), *words, "--out", str(tmp_path / "a.png")])

    record = json.loads(capsys.readouterr().out)
    assert status == 0
    assert record["settings"] == {"side": 16, "cover": "mean colour"}


@pytest.mark.slow
@pytest.mark.usefixtures("shipped")
def test_explain_says_how_far_to_trust_the_map(tmp_path, capsys):
    """A person reads the method and then the word, with the figures behind it."""
    words = ["--network", "cnn", "--method", "gradcam"]

    status = cli.main(["explain", str(CAT), *words, "--out", str(tmp_path / "a.png")])

    first, second = capsys.readouterr().out.splitlines()
    assert status == 0
    assert "Grad-CAM for " in first
    assert re.match(r"The map is (faithful|weak|no better than chance): score ", second)


@pytest.mark.slow
@pytest.mark.usefixtures("shipped")
def test_explain_writes_a_report(tmp_path, capsys):
    """The page has the picture's name, the map's own hash, and what it says of itself.

    It says nothing of channels whose means the card does not give.
    """
    words = ["--network", "cnn3d", "--method", "gradcam", "--seed", "4", "--json"]
    words += ["--out", str(tmp_path / "a.png")]
    report = tmp_path / "a.html"

    status = cli.main(["explain", str(CAT), *words, "--report", str(report)])

    record = json.loads(capsys.readouterr().out)
    page = report.read_text("utf-8")
    assert status == 0
    assert "<h1>cat_32.png</h1>" in page
    assert record["heatmap_sha256"] in page
    assert f"<b>{record['trust']}</b>" in page
    assert "Does the verdict hold?" in page
    assert "Fall without it" not in page
    assert names_in(tmp_path) == ["a.html", "a.png"]


@pytest.mark.slow
@pytest.mark.usefixtures("shipped")
def test_explain_defaults_to_the_networks_own_label(tmp_path, capsys):
    """Without --label it is what `predict` says; with it, the one asked for."""
    words = ["--network", "cnn", "--method", "gradcam", "--json"]
    words += ["--out", str(tmp_path / "a.png")]
    cli.main(["predict", str(CAT), "--network", "cnn", "--json"])
    own = json.loads(capsys.readouterr().out)["label"]
    other = {"FAKE": "REAL", "REAL": "FAKE"}[own]

    cli.main(["explain", str(CAT), *words])
    cli.main(["explain", str(CAT), *words, "--label", other])

    labels = [
        json.loads(line)["label"] for line in capsys.readouterr().out.split("\n")[:2]
    ]
    assert labels == [own, other]


@pytest.mark.slow
def test_a_fresh_process_says_nothing_but_the_result():
    """TensorFlow's own lines reach neither stdout nor stderr."""
    program = (
        "from cifake_core.cli.terminal.output import import_tensorflow as f\n"
        "f(); print(1)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n", "")


@pytest.mark.slow
def test_from_pictures_to_shipped_weights(tiny_zip, tmp_path, monkeypatch, capsys):
    """A run is trained, resumed for nothing, evaluated, saved and promoted."""
    models, run = tmp_path / "models", tmp_path / "run"
    monkeypatch.setattr(store, "MODELS", models)
    data = ["--data", str(tiny_zip)]
    start = ["train", "cnn", *data, "--epochs", "1", "--out", str(run)]

    statuses = [
        cli.main(start),
        cli.main(["train", "cnn", *data, "--resume", "--out", str(run)]),
        cli.main(["evaluate", str(run), *data, "--save", "--json"]),
        cli.main(["train", "--promote", str(run)]),
        cli.main(["evaluate", "cnn", *data, "--json"]),
        cli.main(start),
    ]

    lines = capsys.readouterr().out.splitlines()
    reports = [json.loads(line) for line in lines if line.startswith("{")]
    assert statuses == [0, 0, 0, 0, 0, 2]
    assert reports[0] == reports[1]
    assert reports[0]["model_sha256"] == store.load_card(models / "cnn")["model_sha256"]
    assert names_in(models / "cnn") == sorted(
        (
            store.CARD_FILE,
            store.HISTORY_FILE,
            store.SCORES_FILE,
            store.VALIDATION_FILE,
            store.WEIGHTS_FILE,
        )
    )


def test_progress_tells_the_time_that_is_left(monkeypatch, capsys):
    """A quarter done in a minute leaves three; at the start nobody knows."""
    now = [0.0]
    monkeypatch.setattr(output, "time", SimpleNamespace(monotonic=lambda: now[0]))

    with output.share_line("Work") as progress:
        now[0] = 20.0
        progress(0.0)
        now[0] = 60.0
        progress(0.25)

    assert capsys.readouterr().err == "Work: 0%\nWork: 25%, 3 min 00 s left\n"
