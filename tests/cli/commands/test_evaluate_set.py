"""`evaluate --set`: on a data set of one's own, by generator, and with verdicts.

The networks go by how green a picture is; photographs are greener than fakes.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from cifake_core.basics.estimates import sigmoid
from cifake_core.data.datasets import library
from cifake_core.evaluation import dataset_report, scores
from cifake_core.networks import store
from cifake_core.verdicts import card as policy_card
from cifake_core.verdicts import mahalanobis
from cifake_core.verdicts.mahalanobis import Domain
from cifake_core.verdicts.rule import AbstainThresholds
from tests.cards import network_card, put_ensemble
from tests.made_datasets import add_set
from tests.policies import policy_record

#: No verdict but of what is sure, which the expert alone may decide.
LIMITS = AbstainThresholds(
    max_grid_distance=1,
    max_feature_distance=99,
    min_confidence=0.6,
    clear_confidence=0.6,
    min_kept=0,
    expert_fake=0.99,
    expert_doubt=0.8,
    expert_veto=0.05,
)


@pytest.fixture
def added(user_data, tmp_path) -> Path:
    """The folder of a data set by two generators, called "mine"."""
    add_set(user_data, tmp_path / "pictures")
    return tmp_path / "pictures"


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


def load(user_data: Path, *parts: str):
    """Return pictures of the set."""
    return library.load("mine", root=user_data / "datasets", parts=parts)


@pytest.mark.usefixtures("added", "judged")
@pytest.mark.parametrize("network", ["cnn", "cnn3d", "cnn_multi", "ensemble"])
def test_the_figures_are_those_of_a_count_by_hand(  # noqa: PLR0913, PLR0917
    network, command, probes, models, user_data, capsys
):
    """Training and validation part, by generator; with the keys of `evaluate`."""
    status = command("evaluate", network, "--set", "mine", "--json")

    found = report(capsys)
    mine = load(user_data, "training", "validation")
    test = scores.read(network, models)
    logits = probes["cnn" if network == "ensemble" else network].logits(mine.images)
    threshold = dataset_report.threshold_on(test)
    gan = mine.generators == "gan"
    assert status == 0
    assert (found["set"], found["parts"]) == ("mine", ["training", "validation"])
    assert found["digest"] == mine.digest
    assert found["n"] == len(mine.labels)
    assert found["model_sha256"] == test.model_sha256
    assert {"accuracy_ci95", "precision", "recall", "f1", "roc_auc", "ece"} <= set(
        found
    )
    assert list(found["generators"]) == ["flow", "gan"]
    row = found["generators"]["gan"]
    assert row["n"] == gan.sum()
    if network != "ensemble":
        assert found["accuracy"] == ((logits >= 0) == mine.labels).mean()
        assert row["recall"] == (logits[gan] < 0).mean()
        assert found["threshold"] == threshold
        assert row["recall_at_threshold"] == (sigmoid(logits[gan]) < threshold).mean()
    verdicts = found["verdicts"]
    counts = verdicts["counts"]
    assert verdicts["n"] == len(mine.labels)
    assert 0 <= verdicts["coverage"] <= 1
    assert sum(counts["gan"].values()) == gan.sum()
    assert sum(counts["REAL"].values()) == mine.labels.sum()


@pytest.mark.usefixtures("added", "probes")
def test_a_network_that_was_taught_the_set_is_measured_on_the_rest(
    command, models, user_data, capsys
):
    """Its validation part alone; an ensemble with it in as well."""
    taught = {"datasets": {"mine": {"digest": "other", "generators": ["gan"]}}}
    card = network_card("cnn", "sha of cnn", config=taught)
    store.write_card(models / "cnn", card)
    held_out = len(load(user_data, "validation").labels)

    found = []
    for network in ("cnn", "cnn3d"):
        assert command("evaluate", network, "--set", "mine", "--json") == 0
        found.append(report(capsys))

    assert found[0]["parts"] == ["validation"]
    assert found[0]["n"] == held_out
    assert found[1]["parts"] == ["training", "validation"]


@pytest.mark.usefixtures("added", "judged")
def test_verdicts_are_on_what_no_network_was_taught(command, models, user_data, capsys):
    """They rest on all our own networks, whichever is measured."""
    taught = {"datasets": {"mine": {"digest": "other", "generators": ["gan"]}}}
    card = network_card("cnn_multi", "sha of cnn_multi", config=taught)
    store.write_card(models / "cnn_multi", card)

    assert command("evaluate", "cnn", "--set", "mine", "--json") == 0
    found = report(capsys)
    assert command("evaluate", "cnn", "--set", "mine", "--part", "training") == 0
    told = capsys.readouterr().err

    assert found["verdicts"]["n"] == len(load(user_data, "validation").labels)
    assert found["n"] > found["verdicts"]["n"]
    assert "a network was taught these pictures" in told


@pytest.mark.usefixtures("added", "probes")
def test_a_look_at_the_sealed_part_is_told(command, user_data, capsys):
    """It is measured, and the output says what that was."""
    status = command("evaluate", "cnn", "--set", "mine", "--part", "test", "--json")

    captured = capsys.readouterr()
    found = json.loads(captured.out.splitlines()[-1])
    assert status == 0
    assert found["parts"] == ["test"]
    assert found["n"] == len(load(user_data, "test").labels)
    assert "a look at the sealed test part of 'mine'" in captured.err


@pytest.mark.usefixtures("added")
def test_a_run_is_measured_without_test_scores(command, finished, capsys):
    """A candidate has none; where photographs are flagged is then not known."""
    status = command("evaluate", finished, "--set", "mine", "--json")

    captured = capsys.readouterr()
    found = json.loads(captured.out.splitlines()[-1])
    assert status == 0
    assert "It is not known where 2% of photographs are flagged" in captured.err
    assert "There are no verdicts to count" in captured.err
    assert "threshold" not in found
    assert "verdicts" not in found
    assert list(found["generators"]) == ["flow", "gan"]


@pytest.mark.usefixtures("added", "judged")
def test_a_person_reads_tables(command, capsys):
    """Figures, the generators with their verdicts, and on what it all is."""
    status = command("evaluate", "cnn", "--set", "mine")

    title, *lines = capsys.readouterr().out.splitlines()
    text = "\n".join(lines)
    assert status == 0
    assert "pictures of mine (training and validation parts)" in title
    assert "ROC AUC" in text
    (row,) = [line for line in lines if line.startswith("gan")]
    assert len(row.split()) > 6
    assert "where 2% of CIFAKE's photographs are" in text
    assert "pictures get one, of which" in text
    assert "all our own networks, whichever is measured" in text


@pytest.mark.usefixtures("probes")
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--set", "absent"), "There is no data set called 'absent'"),
        (("--set", "mine", "--leak-free"), "--set and --leak-free do not go together"),
        (("--set", "mine", "--save"), "--set and --save do not go together"),
        (("--set", "mine", "--data", "."), "--set and --data do not go together"),
        (("--part", "test"), "name the set with --set"),
        (("--set", "mine", "--part", "all"), "--part"),
    ],
)
def test_what_does_not_go_together_is_told(words, sentence, command, refusal):
    """Before anything is read."""
    status = command("evaluate", "cnn", *words)

    assert status == 2
    assert sentence in refusal()


@pytest.mark.usefixtures("probes")
def test_a_picture_that_changed_is_told(command, added: Path, refusal):
    """By its name, with the way to mend it."""
    (added / "gan" / "001.jpg").write_bytes(b"other")

    status = command("evaluate", "cnn", "--set", "mine")

    assert status == 2
    assert "gan/001.jpg" in refusal()
