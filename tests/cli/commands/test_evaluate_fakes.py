"""`evaluate --fakes`: against a count by hand, and the card on the scope of verdicts.

The networks go by how green a picture is: the logit is a tenth of the green less 120.
A grey picture keeps its grey when it is saved.
"""

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from cifake_core.basics.estimates import proportion
from cifake_core.evaluation import scores
from cifake_core.networks import store
from cifake_core.verdicts import card as policy_card
from cifake_core.verdicts import mahalanobis, scope
from cifake_core.verdicts.mahalanobis import Domain
from cifake_core.verdicts.rule import AbstainThresholds
from tests.cards import network_card, put_ensemble
from tests.made_data import even, png
from tests.policies import policy_record

#: Greys of fakes by generator.
GREYS = {"gan": (90, 101, 103, 150), "flow": (200,)}
#: Verdicts from a logit of 2 on, either way: below 100 FAKE, above 140 REAL.
LIMITS = AbstainThresholds(
    max_grid_distance=1,
    max_feature_distance=9,
    min_confidence=0.88,
    clear_confidence=0.88,
    min_kept=0,
    expert_fake=0.99,
    expert_doubt=0.8,
    expert_veto=0.05,
)


def put_greys(folder: Path, greys) -> Path:
    """Write a grey picture for each number."""
    folder.mkdir(parents=True)
    for number, grey in enumerate(greys):
        (folder / f"{number:03}.png").write_bytes(png(even(grey, grey, grey)))
    return folder


@pytest.fixture
def fakes(tmp_path) -> Path:
    """A folder of fakes by two generators."""
    for name, greys in GREYS.items():
        put_greys(tmp_path / "fakes" / name / "FAKE", greys)
    return tmp_path / "fakes"


@pytest.fixture
def reals(tmp_path) -> Path:
    """A hundred photographs with the greys 100 to 199."""
    return put_greys(tmp_path / "reals", range(100, 200))


@pytest.fixture
def judged(models, probes) -> Path:
    """Give the networks a card on verdicts; return their folder."""
    del probes  # they are there
    put_ensemble(models)
    hashes = {name: store.revision(name, models) for name in store.available(models)}
    policy_card.write(policy_record(LIMITS, hashes), models)
    members = [name for name in hashes if name != "ensemble"]
    known = Domain(
        means={name: np.zeros(1, "f4") for name in members},
        spreads={name: np.ones((1, 1), "f4") for name in members},
        model_sha256={name: hashes[name] for name in members},
    )
    mahalanobis.write(known, models)
    return models


def report(capsys) -> dict:
    """Return the object on the last line of stdout."""
    return json.loads(capsys.readouterr().out.splitlines()[-1])


@pytest.mark.usefixtures("judged")
@pytest.mark.parametrize("network", ["cnn", "cnn3d", "cnn_multi", "ensemble"])
def test_the_figures_are_those_of_a_count_by_hand(
    network, command, fakes, reals, capsys
):
    """Of greys 100 to 199 two are flagged below 102, and 20 are called FAKE."""
    words = ("--fakes", fakes, "--reals", reals, "--json")
    status = command("evaluate", network, *words)

    found = report(capsys)
    gan, flow = (found["generators"][name] for name in ("gan", "flow"))
    recall = proportion(2, 4)
    photographs = np.arange(100, 200)
    greys = np.array(GREYS["gan"])
    pairs = (photographs[:, None] > greys) + (photographs[:, None] == greys) / 2
    assert status == 0
    assert found["network"] == network
    assert (found["n_real"], found["real_called_fake"]) == (100, 0.2)
    assert found["threshold"] == pytest.approx(1 / (1 + np.exp(1.8)))
    assert (gan["n"], gan["recall"]) == (4, 0.5)
    assert gan["recall_ci95"] == [recall.low, recall.high]
    assert gan["auc"] == pytest.approx(pairs.mean())
    assert gan["verdicts"] == {"REAL": 1, "FAKE": 1, "UNSURE": 2}
    assert (flow["n"], flow["recall"], flow["auc"]) == (1, 0, 0)
    assert flow["verdicts"] == {"REAL": 1, "FAKE": 0, "UNSURE": 0}
    assert found["mean"]["recall"] == 0.25
    assert found["verdict_fake"] == 1 / 5


@pytest.mark.usefixtures("judged")
def test_photographs_are_those_of_the_stored_test_scores(
    command, models, fakes, capsys
):
    """No data set is needed for them."""
    status = command("evaluate", "cnn", "--fakes", fakes, "--json")

    found = report(capsys)
    stored = scores.read("cnn", models)
    real = stored.logits[stored.labels == 1]
    gan = (np.array(GREYS["gan"]) - 120) / 10
    assert status == 0
    assert found["n_real"] == len(real) == 6
    assert found["real_called_fake"] == (real < 0).mean()
    assert found["generators"]["gan"]["recall"] == (gan < real.min()).mean()
    assert found["model_sha256"] == "sha of cnn"


@pytest.mark.usefixtures("judged")
def test_a_run_is_measured_beside_the_verdicts_of_our_own(
    command, finished, fakes, reals, capsys
):
    """A candidate needs no place among the networks that judge."""
    words = ("--fakes", fakes, "--reals", reals, "--json")

    status = command("evaluate", finished, *words)

    gan = report(capsys)["generators"]["gan"]
    assert status == 0
    assert gan["recall"] == 0.5
    assert gan["verdicts"]["FAKE"] == 1


def test_a_run_without_test_scores_is_told(command, finished, fakes, refusal):
    """They have its photographs."""
    status = command("evaluate", finished, "--fakes", fakes)

    assert status == 2
    assert "no table of test scores" in refusal()


def test_without_a_card_there_are_no_verdicts(command, fakes, reals, capsys):
    """The sentence says how to make it, and the rest is measured."""
    words = ("--fakes", fakes, "--reals", reals, "--json")
    status = command("evaluate", "cnn", *words)

    captured = capsys.readouterr()
    found = json.loads(captured.out)
    assert status == 0
    assert "no verdicts to count" in captured.err
    assert "verdict_fake" not in found
    assert list(found["generators"]["gan"]) == [
        "n",
        "recall",
        "recall_ci95",
        "auc",
        "auc_ci95",
    ]


@pytest.mark.usefixtures("judged")
def test_a_person_reads_a_table(command, fakes, reals, capsys):
    """The best found first, each with its interval, and on what it all is."""
    status = command("evaluate", "ensemble", "--fakes", fakes, "--reals", reals)

    title, heads, gan, flow, *rest = capsys.readouterr().out.splitlines()
    assert status == 0
    assert "on 5 fakes by 2 generators, against 100 photographs of" in title
    assert heads.split()[:2] == ["generator", "fakes"]
    assert gan.split()[:3] == ["gan", "4", "50.00%"]
    assert gan.split()[-3:] == ["1", "1", "2"]
    assert flow.split()[:3] == ["flow", "1", "0.00%"]
    text = " ".join(rest)
    assert "Labelled FAKE are 20.00%" in text
    assert "Verdict FAKE: 20.00%" in text
    assert "all our own networks, whichever is measured" in text
    assert "JPEG of quality 75" in text


@pytest.mark.usefixtures("judged")
def test_a_file_that_cannot_be_read_is_told_at_its_place(command, fakes, reals, capsys):
    """The others are measured; the status says so in the end."""
    (fakes / "gan" / "FAKE" / "bad.png").write_bytes(b"no picture")
    (reals / "bad.png").write_bytes(b"")
    words = ("--fakes", fakes, "--reals", reals, "--json")

    status = command("evaluate", "cnn", *words)

    captured = capsys.readouterr()
    assert status == 2
    assert json.loads(captured.out)["generators"]["gan"]["n"] == 4
    lines = captured.err.splitlines()
    assert lines[0].startswith(str(fakes / "gan" / "FAKE" / "bad.png"))
    assert lines[1].startswith(str(reals / "bad.png"))
    assert "left out: 2." in lines[2]


def test_saving_writes_the_card_on_scope(command, judged, fakes, capsys):
    """With what is known from the networks' cards, and both kinds of figures."""
    learnt = {"generators": ["gan_resize"]}
    card = network_card("cnn_multi", "sha of cnn_multi", config=learnt)
    store.write_card(judged / "cnn_multi", card)

    status = command("evaluate", "cnn_multi", "--fakes", fakes, "--save", "--json")

    names = store.available(judged)
    hashes = {name: store.revision(name, judged) for name in names}
    kept = scope.read(hashes, judged)
    found = report(capsys)
    assert status == 0
    assert kept.known == ("Stable Diffusion 1.4", "gan_resize")
    assert list(kept.unseen) == ["flow", "gan"]
    gan = kept.unseen["gan"]
    assert (gan.n, dict(gan.verdicts)) == (4, {"REAL": 1, "FAKE": 1, "UNSURE": 2})
    assert gan.recall.value == found["generators"]["gan"]["recall"]
    assert gan.roc_auc.value == found["generators"]["gan"]["auc"]
    assert (kept.n_unseen, kept.unseen_recall.value) == (5, 1 / 5)
    assert kept.fakes == "fakes"
    assert kept.fakes_digest == found["fakes_digest"]


def test_a_zip_gives_the_same_card(command, judged, fakes, tmp_path):
    """But for its name."""
    path = tmp_path / "packed.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in fakes.rglob("*.png"):
            archive.write(file, file.relative_to(fakes))
    hashes = {name: store.revision(name, judged) for name in store.available(judged)}
    kept = []

    for place in (fakes, path):
        assert command("evaluate", "cnn_multi", "--fakes", place, "--save") == 0
        kept.append(scope.read(hashes, judged))

    assert kept[0].fakes_digest == kept[1].fakes_digest
    assert kept[1].fakes == "packed.zip"
    assert kept[0].unseen_recall.value == kept[1].unseen_recall.value


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("ensemble", "--save"), "Name cnn_multi instead of ensemble"),
        (("cnn_multi", "--save", "--reals", "."), "Leave out --reals or --save"),
        (("cnn", "--generators"), "--fakes and --generators do not go together"),
        (("cnn", "--corruptions"), "--fakes and --corruptions do not go together"),
        (("cnn", "--leak-free"), "--fakes and --leak-free do not go together"),
        (("cnn", "--data", "."), "--fakes and --data do not go together"),
    ],
)
def test_options_that_do_not_go_together_are_told(
    words, sentence, command, fakes, refusal
):
    """Before anything is read."""
    status = command("evaluate", *words, "--fakes", fakes)

    assert status == 2
    assert sentence in refusal()


def test_photographs_alone_are_not_measured(command, reals, refusal):
    """They are what fakes are against."""
    status = command("evaluate", "cnn", "--reals", reals)

    assert status == 2
    assert "name a folder of fakes, too" in refusal()


def test_a_card_needs_verdicts(command, models, fakes, refusal):
    """Without thresholds all would be UNSURE, which says nothing."""
    status = command("evaluate", "cnn_multi", "--fakes", fakes, "--save")

    assert status == 2
    assert "card on verdicts" in refusal()
    assert not (models / scope.SCOPE_FILE).exists()


def test_a_card_is_on_fakes_that_nobody_learnt_from(command, judged, fakes, refusal):
    """Else it would boast, whichever of the networks it was that learnt."""
    config = {"generators": ["gan"]}
    card = network_card("cnn3d", "sha of cnn3d", config=config)
    store.write_card(judged / "cnn3d", card)

    status = command("evaluate", "cnn_multi", "--fakes", fakes, "--save")

    assert status == 2
    assert "no network learnt from. Received some by gan;" in refusal()
    assert not (judged / scope.SCOPE_FILE).exists()


def test_a_card_is_on_all_of_the_fakes(command, judged, fakes, refusal):
    """One that cannot be read stops it."""
    (fakes / "gan" / "FAKE" / "bad.png").write_bytes(b"no picture")

    status = command("evaluate", "cnn_multi", "--fakes", fakes, "--save")

    assert status == 2
    assert "1 of the fakes cannot be read, such as gan/FAKE/bad.png" in refusal()
    assert not (judged / scope.SCOPE_FILE).exists()


def test_a_place_without_fakes_is_told(command, reals, refusal):
    """The sentence has the layout."""
    status = command("evaluate", "cnn", "--fakes", reals)

    assert status == 2
    assert "<generator>/FAKE/*" in refusal()
