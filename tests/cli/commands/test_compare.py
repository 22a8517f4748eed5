"""`compare` on stored scores: what it prints, reads and refuses."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cifake_core import cli
from cifake_core.evaluation import scores
from cifake_core.evaluation.scores import Scores
from cifake_core.networks import store
from tests.cards import network_card

KEYS = {
    "n",
    "accuracy_a",
    "accuracy_b",
    "both_right",
    "only_a",
    "only_b",
    "both_wrong",
    "statistic",
    "p_value",
    "network_a",
    "network_b",
}


def scores_of(network: str, sha256: str, wrong: slice, leaked: slice) -> Scores:
    """Return scores of 100 pictures, right but for some; others are leaked."""
    labels = np.arange(100) % 2
    logits = np.where(labels == 1, 2.0, -2.0)
    logits[wrong] *= -1
    marks = np.zeros(100, np.bool_)
    marks[leaked] = True
    return Scores(
        network=network,
        model_sha256=sha256,
        members=np.array([f"test/{'FR'[y]}/{n}.jpg" for n, y in enumerate(labels)]),
        labels=labels.astype(np.int8),
        object_classes=np.repeat([6, 3], 50).astype(np.int8),
        logits=logits.astype(np.float32),
        seen_classes=np.full(100, -1, np.int8),
        in_training=marks,
        repeats=np.zeros(100, np.bool_),
    )


@pytest.fixture(autouse=True)
def models(tmp_path, monkeypatch) -> Path:
    """Return a folder of two networks with scores; a run of cnn lies beside it."""
    places = {
        tmp_path / "models" / "cnn": scores_of(
            "cnn", "aaaaaaaaaaaaaaaa", slice(10), slice(90, None)
        ),
        tmp_path / "models" / "cnn3d": scores_of(
            "cnn3d", "bbbbbbbbbbbbbbbb", slice(7, 40), slice(90, None)
        ),
        tmp_path / "run 2": scores_of(
            "cnn", "cccccccccccccccc", slice(0), slice(90, None)
        ),
    }
    for folder, made in places.items():
        folder.mkdir(parents=True)
        store.write_card(folder, network_card(made.network, made.model_sha256))
        scores.write(made, folder)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "models"


def compare(*words: str) -> int:
    """Compare two networks of models/, or runs beside it."""
    return cli.main(["compare", *words], Path("models").resolve())


def test_json_has_the_promised_keys(capsys):
    """One object on one line: seven pictures are A's alone to miss, thirty B's."""
    status = compare("cnn", "cnn3d", "--json")

    (line,) = capsys.readouterr().out.splitlines()
    figures = json.loads(line)
    assert status == 0
    assert figures.keys() >= KEYS
    assert (figures["network_a"], figures["network_b"]) == ("cnn", "cnn3d")
    assert (figures["n"], figures["accuracy_a"], figures["accuracy_b"]) == (
        100,
        0.9,
        0.67,
    )
    cells = [figures[k] for k in ("both_right", "only_a", "only_b", "both_wrong")]
    assert cells == [60, 30, 7, 3]
    assert figures["statistic"] == pytest.approx(22**2 / 37)
    assert figures["test"] == "chi-square with continuity correction"
    assert figures["leak_free"] is False


def test_leak_free_leaves_the_leaked_out(capsys):
    """Ten leaked pictures, which both call rightly, are not counted."""
    compare("cnn", "cnn3d", "--leak-free", "--json")

    figures = json.loads(capsys.readouterr().out)
    assert (figures["n"], figures["both_right"], figures["only_a"]) == (90, 50, 30)
    assert figures["leak_free"] is True


def test_words_say_what_the_figures_mean(capsys):
    """Both networks, their difference, p in words and the classes are printed."""
    compare("cnn", "cnn3d", "--leak-free")

    text = capsys.readouterr().out
    assert text.startswith(
        "A is 2D-CNN (aaaaaaaaaaaa), B is 3D-CNN (bbbbbbbbbbbb), on 90 leak-free test "
        "pictures\n"
    )
    assert "only A right   30\n" in text
    assert "A less B       +0.2556  (95% interval +0.1272 to +0.3728)" in text
    assert "come up by chance in about 1 of 3,400 draws.\n" in text
    assert [line.split() for line in text.splitlines()[-3:]] == [
        ["object", "class", "pictures", "A", "B", "only", "A", "only", "B"],
        ["cat", "40", "1.0000", "1.0000", "0", "0"],
        ["frog", "50", "0.8000", "0.3400", "30", "7"],
    ]


def test_unknown_objects_make_no_table(models, capsys):
    """Scores of pictures without a class in their names have no rows."""
    for name in ("cnn", "cnn3d"):
        made = scores.read(name, models)
        unknown = np.full(100, -1, np.int8)
        scores.write(replace(made, object_classes=unknown), models / name)

    compare("cnn", "cnn3d")

    assert capsys.readouterr().out.endswith(" draws.\n")


def test_a_run_is_compared_with_what_is_shipped(capsys):
    """A folder stands for the run in it; the hashes tell the two cnn apart."""
    status = compare("run 2", "cnn", "--json")

    figures = json.loads(capsys.readouterr().out)
    assert status == 0
    assert (figures["network_a"], figures["network_b"]) == ("cnn", "cnn")
    assert (figures["model_sha256_a"], figures["model_sha256_b"]) == (
        "c" * 16,
        "a" * 16,
    )
    assert (figures["accuracy_a"], figures["only_a"]) == (1.0, 10)


def test_a_network_is_no_better_than_itself(capsys):
    """The same network twice differs by nothing, and p is 1."""
    compare("cnn", "cnn")

    text = capsys.readouterr().out
    assert "A less B       +0.0000" in text
    assert "McNemar        exact binomial, statistic 0, p 1\n" in text
    assert "come up by chance in every draw." in text


@pytest.mark.parametrize(
    ("other", "complaint"),
    [
        ("vgg", "no finished run or network called 'vgg'"),
        ("models", "Train it with"),
    ],
)
def test_what_is_no_network_is_told(other, complaint, refusal):
    """A name that is none, and a folder without a run, end in a sentence."""
    assert compare("cnn", other) == 2
    assert complaint in refusal()


@pytest.mark.parametrize("name", ["cnn3d", "run 2"])
def test_missing_scores_say_how_to_make_them(name, models, refusal):
    """A network or run that was not evaluated is told with the command for it."""
    folder = models / name if name == "cnn3d" else Path(name)
    (folder / store.SCORES_FILE).unlink()

    status = compare("cnn", name)

    sentence = refusal()
    assert status == 2
    assert "no table of test scores" in sentence
    assert f"evaluate {name} --save" in sentence


def test_a_run_of_no_known_network_is_told(refusal):
    """A card with a name that stands in no table is not compared."""
    store.write_card(Path("run 2"), network_card("vit", "c" * 16))

    assert compare("cnn", "run 2") == 2
    assert "no network called 'vit'" in refusal()


def test_other_pictures_are_told(models, refusal):
    """Scores on part of the set are not compared with scores on all of it."""
    made = scores.read("cnn3d", models)
    columns = ("members", "labels", "object_classes", "logits")
    columns += ("seen_classes", "in_training", "repeats")
    part = {name: getattr(made, name)[:99] for name in columns}
    scores.write(replace(made, **part), models / "cnn3d")

    status = compare("cnn", "cnn3d")

    assert status == 2
    assert "Received 100 and 99" in refusal()
