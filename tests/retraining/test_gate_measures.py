"""Measures of the gate: on which pictures, with what weights, in which process."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.data import cifake
from cifake_core.evaluation import scores
from cifake_core.networks.pool import NetworkPool
from cifake_core.networks.store import CARD_FILE
from cifake_core.pictures.corruptions import CORRUPTIONS
from cifake_core.retraining.gate_measures import (
    Contender,
    calibration_sample,
    corrupted,
    leak_free_positions,
    milliseconds,
)
from cifake_core.retraining.peak_memory import peak_memory_of
from tests.fakes import constant_probe, random_probe
from tests.made_gates import GENERATOR, shipped_models


@pytest.fixture(scope="module")
def shipped(made_models, made_dataset, tmp_path_factory) -> Path:
    """Return networks whose stored scores are right: 59 of 60 are leak-free."""
    models = tmp_path_factory.mktemp("shipped") / "models"
    return shipped_models(made_models, made_dataset, models)


@pytest.fixture
def split(made_dataset):
    """Return the made test pictures."""
    return cifake.load(made_dataset, "test")


def test_fakes_count_as_much_as_photographs(shipped):
    """Each source counts as much as it did in calibration: 60 of CIFAKE, 20, 10.

    Of CIFAKE there are 30 leak-free photographs and 29 fakes in validation's 60, so
    each counts 60/59; the flow's 20 count 1, and the sealed 4 (2 of them real) 10/4.
    Photographs: 30 * 60/59 + 2 * 2.5 = 35.508; fakes: 29 * 60/59 + 20 + 5 = 54.492.
    """
    tested = scores.read("cnn_multi", shipped)
    sealed = replace(
        tested,
        **{
            name: getattr(tested, name)[[1, 2, 40, 41]]
            for name in ("labels", "logits", "in_training", "repeats")
        },
    )
    network = NetworkPool(shipped, load=lambda _: constant_probe("rgb", 1)).network
    contender = Contender(
        models=shipped, scorer=network("cnn_multi"), sealed={"mine": sealed}
    )
    contender.scorer.name = "cnn_multi"

    sample = calibration_sample(
        contender, generators=(GENERATOR,), held_out={"mine": 10}
    )

    fake = sample.labels == 0
    assert (fake.sum(), (~fake).sum()) == (29 + 20 + 2, 30 + 2)
    real_total = 30 * 60 / 59 + 2 * 2.5
    assert sample.counts[~fake].sum() == pytest.approx(real_total)
    assert sample.counts[fake].sum() == pytest.approx(real_total)
    scale = real_total / (29 * 60 / 59 + 20 + 5)
    assert sorted(set(sample.counts.round(9))) == pytest.approx(
        sorted([60 / 59, 2.5, scale * 60 / 59, scale, scale * 2.5])
    )
    assert 0 < sample.error < 0.001  # all are right, and nearly sure


@pytest.mark.parametrize(("holds", "n"), [(True, 10), (False, 25)])
def test_a_loss_on_few_pictures_is_looked_at_again(split, holds, n):
    """Ten pictures decide where nothing was lost, 25 where something was."""
    old, new = random_probe("rgb", 1, name="cnn"), random_probe("rgb", 2, name="cnn")
    told = []

    found = corrupted(
        old,
        new,
        split,
        np.arange(25),
        holds=lambda _corruption, _both: holds,
        num_first=10,
        progress=told.append,
    )

    assert list(found) == list(CORRUPTIONS.values())
    assert {each.size for both in found.values() for each in both} == {n}
    assert told[-1] == pytest.approx(1)
    assert sum(old.calls) == sum(new.calls) == 20 * n


def test_first_answers_are_kept(split):
    """Who asks again waits no more."""
    old, new = random_probe("rgb", 1, name="cnn"), random_probe("rgb", 2, name="cnn")
    asked = []
    for _ in range(2):
        found = corrupted(
            old,
            new,
            split,
            np.arange(10),
            holds=lambda _corruption, _both: False,
            num_first=10,
            progress=lambda _share: None,
        )
        asked.append((sum(old.calls), [both[0].tolist() for both in found.values()]))

    assert asked[0] == asked[1]


def test_only_leak_free_pictures_are_asked_about(shipped, split):
    """In an order that is the same every time."""
    tested = scores.read("cnn_multi", shipped)

    found = leak_free_positions(split, tested, seed=0)

    leaked = np.flatnonzero(~tested.leak_free)
    assert leaked.size == 1
    assert sorted(found) == sorted(set(range(60)) - set(leaked.tolist()))
    assert found.tolist() == leak_free_positions(split, tested, seed=0).tolist()
    assert found.tolist() != sorted(found)


def test_another_data_set_is_refused(shipped, tiny_dataset):
    """Stored scores have to be on these pictures."""
    other = cifake.load(tiny_dataset, "test")

    with pytest.raises(ModelUnavailableError, match="with --data"):
        leak_free_positions(other, scores.read("cnn_multi", shipped), seed=0)


def test_both_are_timed_on_the_same_pictures(split):
    """In turns, once warm."""
    old, new = random_probe("rgb", 1), random_probe("rgb", 2)

    spent = milliseconds(old, new, split.images[:5])

    assert len(old.calls) == len(new.calls) == 6
    assert all(each > 0 for each in spent)


@pytest.mark.slow
def test_a_fresh_process_tells_what_a_network_takes(shipped):
    """Some megabytes; not those of this process, which has TensorFlow in it."""
    found = peak_memory_of(shipped / "cnn_multi")

    assert found is None or 0 < found < 300


@pytest.mark.slow
def test_a_network_that_cannot_be_loaded_is_told(tmp_path):
    """The process's last line says why."""
    (tmp_path / CARD_FILE).write_text("{")

    with pytest.raises(ModelUnavailableError, match="A fresh process could not load"):
        peak_memory_of(tmp_path)
