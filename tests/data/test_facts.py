"""What the test set is like: known answers on the tiny data set, and its files."""

import json
import re
from dataclasses import fields, replace

import numpy as np
import pytest

from cifake_core import cli
from cifake_core.basics.errors import DatasetError
from cifake_core.basics.labels import OBJECT_CLASSES
from cifake_core.basics.places import CHECKOUT
from cifake_core.data import cifake
from cifake_core.data import facts as data_facts
from cifake_core.data.cifake import Split
from cifake_core.data.facts import CopyRow, drawn
from cifake_core.data.facts_study import study
from cifake_core.evaluation.scores import Scores
from cifake_core.evaluation.subgroups import copy_parts, grey_parts
from cifake_core.pictures.statistics import mean_picture
from tests.models import validation_scores


@pytest.fixture
def splits(tiny_dataset):
    """Return the training and the test pictures of the tiny data set."""
    return tuple(cifake.load(tiny_dataset, split) for split in ("train", "test"))


@pytest.fixture
def facts(splits):
    """Return the facts of the tiny data set."""
    return study(*splits)


def scores_of(test: Split) -> Scores:
    """Return scores of a network that is wrong of the first FAKE and first REAL."""
    logits = np.where(test.labels == 1, 2, -2).astype(np.float32)
    logits[[0, int(np.argmax(test.labels == 1))]] *= -1
    leaked = np.arange(len(logits)) == 2
    return replace(
        validation_scores("cnn", "a1"),
        members=test.members,
        labels=test.labels,
        object_classes=test.object_classes,
        logits=logits,
        in_training=leaked,
        repeats=test.repeats,
    )


def test_copies_stand_at_their_class(facts, splits):
    """Each of the three pairs of the fixture is counted where it lies."""
    assert facts.duplicates == cifake.duplicate_facts(*splits)
    totals = {
        name: sum(getattr(row, name) for row in facts.copies)
        for name in ("within_train", "within_test", "across")
    }
    assert totals == {"within_train": 1, "within_test": 1, "across": 1}
    assert {row.label for row in facts.copies} == {"FAKE"}
    assert all(isinstance(row, CopyRow) for row in facts.copies)


def test_pictures_are_counted_by_folder(facts, splits):
    """Counts and digest are those that `data info` tells."""
    assert facts.counts == {
        "train/FAKE": 14,
        "train/REAL": 14,
        "test/FAKE": 6,
        "test/REAL": 6,
    }
    assert facts.data_digest == cifake.digest(*splits)


def test_almost_grey_pictures_are_counted_by_label(splits):
    """Two FAKE pictures made grey are a third of the six; no REAL one is."""
    train, test = splits
    images = np.array(test.images)
    images[:2] = 90
    images[2] = (90, 90, 93)  # a spread of 3 is no longer almost grey

    facts = study(train, replace(test, images=images))

    assert np.flatnonzero(facts.near_grey).tolist() == [0, 1]
    assert facts.grey_share("FAKE").value == pytest.approx(1 / 3)
    assert facts.grey_share("REAL").value == 0


def test_cues_tell_flat_from_grainy(facts):
    """The tiny set gives its labels away by colour, so that a fit finds them."""
    assert [part.n for part in facts.cues.values()] == [12, 12]
    colour, patterns = facts.cues.values()
    assert colour.accuracy.value == 1.0
    assert patterns.accuracy.value > 0.5
    assert colour.accuracy.low < 1.0


def test_means_are_those_of_label_and_class(facts, splits):
    """Each is the mean of its pictures; a class without any is black."""
    _, test = splits
    chosen = (test.labels == 1) & (test.object_classes == 2)

    bird = facts.mean_picture("REAL", "bird")

    np.testing.assert_array_equal(bird, mean_picture(test.images[chosen]))
    assert not facts.mean_picture("FAKE", "truck").any()


def test_spectra_are_those_of_the_labels(facts):
    """The grainy REAL pictures have more of the fine frequencies."""
    fake, real = facts.spectra["FAKE"], facts.spectra["REAL"]

    assert (fake.n, real.n) == (6, 6)
    assert real.rings[-1].value > fake.rings[-1].value + 5


def test_progress_never_falls(splits):
    """The share told goes from 0 to 1."""
    shares: list[float] = []

    study(*splits, progress=shares.append)

    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)


def test_copies_change_a_networks_accuracy(splits):
    """With, without and alone: each part has its own count and accuracy."""
    parts = copy_parts(scores_of(splits[1]))

    counts = {name: part.n for name, part in parts.items()}
    assert counts == {"official": 12, "leak_free": 10, "in_training": 1, "repeats": 1}
    assert parts["official"].accuracy.value == pytest.approx(10 / 12)
    assert parts["leak_free"].accuracy.value == pytest.approx(8 / 10)
    assert parts["in_training"].accuracy.value == 1


def test_grey_pictures_have_an_accuracy_of_their_own(facts, splits):
    """Grey and coloured pictures of either label are counted apart."""
    spreads = np.full(12, 50, np.float16)
    spreads[[0, 1]] = 1
    grey = replace(facts, spreads=spreads)

    parts = grey_parts(grey, scores_of(splits[1]))

    assert {key: part.n for key, part in parts.items()} == {
        (True, "FAKE"): 2,
        (True, "REAL"): 0,
        (False, "FAKE"): 4,
        (False, "REAL"): 6,
    }
    assert parts[True, "FAKE"].accuracy.value == 0.5
    assert parts[True, "REAL"].accuracy.high == 1
    assert parts[False, "REAL"].accuracy.value == pytest.approx(5 / 6)


def test_facts_and_scores_must_be_on_the_same_pictures(facts, splits):
    """Another folder does not matter, another file does."""
    scores = scores_of(splits[1])
    deeper = np.array([f"cifake/{member}" for member in scores.members])
    other = np.array([*scores.members[:-1], "test/REAL/9999.jpg"])

    assert grey_parts(facts, replace(scores, members=deeper))
    with pytest.raises(DatasetError, match=r"other test pictures.*data facts"):
        grey_parts(facts, replace(scores, members=other))


def test_samples_are_drawn_without_repeats():
    """The same seed draws the same; there are never more than there are."""
    chosen = np.arange(40) % 2 == 1

    first, again, other = (drawn(chosen, count=8, seed=seed) for seed in (1, 1, 2))

    assert first == again
    assert set(first) != set(other)
    assert len(set(first)) == 8
    assert all(position % 2 for position in first)
    assert sorted(drawn(chosen, count=99, seed=0)) == list(range(1, 40, 2))


def test_what_is_written_is_read(facts, tmp_path):
    """Every field comes back."""
    path = data_facts.write(facts, tmp_path)

    read = data_facts.read(tmp_path)

    assert path == tmp_path / data_facts.FACTS_FILE
    for name in ("labels", "spreads", "means"):
        ours, theirs = getattr(read, name), getattr(facts, name)
        np.testing.assert_array_equal(ours, theirs)
        assert ours.dtype == theirs.dtype
    for name in ("data_digest", "members_sha256", "counts", "duplicates", "copies"):
        assert getattr(read, name) == getattr(facts, name)
    for label, spectrum in facts.spectra.items():
        np.testing.assert_array_equal(read.spectra[label].decibels, spectrum.decibels)
        assert read.spectra[label].n == spectrum.n
        assert read.spectra[label].rings[5].low == spectrum.rings[5].low
    assert [part.accuracy.value for part in read.cues.values()] == [
        part.accuracy.value for part in facts.cues.values()
    ]
    assert len(fields(read)) == 10


def test_the_command_keeps_facts_of_another_set_apart(tiny_zip, own_cache, capsys):
    """They go to the user's cache; the object tells what was found."""
    status = cli.main(["data", "facts", "--data", str(tiny_zip), "--json"])

    told = json.loads(capsys.readouterr().out)
    assert status == 0
    assert told["path"] == str(own_cache / "facts" / data_facts.FACTS_FILE)
    assert told["duplicates"]["leak_free_test"] == 10
    assert told["near_grey"]["REAL"]["value"] == 0
    assert [part["n"] for part in told["cues"].values()] == [12, 12]
    assert data_facts.read(own_cache / "facts").data_digest == told["data_digest"]


def test_the_command_ships_facts_of_the_published_set(
    tiny_zip, splits, tmp_path, monkeypatch, capsys
):
    """Those of CIFAKE go where the pages look; a person reads them in lines."""
    monkeypatch.setattr(cifake, "PUBLISHED_DIGEST", cifake.digest(*splits))

    status = cli.main(["data", "facts", "--data", str(tiny_zip)], models=tmp_path)

    text = capsys.readouterr().out
    assert status == 0
    lines = dict(re.split(r"  +", line) for line in text.splitlines() if "  " in line)
    assert lines["almost grey, of FAKE"].startswith("0.00% (")
    assert lines["least squares on 8 figures on colour"].endswith(" right of 12")
    assert (tmp_path / data_facts.FACTS_FILE).is_file()


def test_the_shipped_facts_are_on_the_published_set():
    """What the repository holds was computed from CIFAKE as published."""
    facts = data_facts.read(CHECKOUT / "models")

    assert facts.data_digest == cifake.PUBLISHED_DIGEST
    assert facts.means.shape == (2, len(OBJECT_CLASSES), 32, 32, 3)
    assert facts.duplicates["leak_free_test"] == 19_584
    assert sum(row.across for row in facts.copies) == 378
    assert facts.grey_share("FAKE").value > 5 * facts.grey_share("REAL").value
