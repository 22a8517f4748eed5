"""What pages ask about corruption, data and games: the core's figures, asked once."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import streamlit as st

from cifake_core.basics.errors import DatasetError
from cifake_core.data import facts
from cifake_core.evaluation import comparison, game, robustness, scores, subgroups
from cifake_core.networks import store
from cifake_core.pictures.corruptions import CORRUPTIONS
from cifake_core.ui.services import services, stored
from tests.ui import records

FLIPS = {"noise_8": {4: 2.5, 40: 2.5}}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Counter[str]]:
    """Return how often the core was asked; 4 and 40 are called REAL after noise."""
    asked: Counter[str] = Counter()
    answers = {
        (scores, "read"): lambda name: records.scores(name, wrong={40: -9.0}),
        (robustness, "read"): lambda name: records.corruption_scores(name, flips=FLIPS),
        (robustness, "after"): robustness.after,
        (comparison, "cells"): comparison.cells,
        (comparison, "compare"): comparison.compare,
        (facts, "copy_parts"): subgroups.copy_parts,
        (facts, "grey_parts"): subgroups.grey_parts,
        (facts, "check_same_pictures"): facts.check_same_pictures,
        (game, "tallies"): game.tallies,
    }

    def counting(name, function):
        def count(*values, **named):
            asked[name] += 1
            return function(*values, **named)

        return count

    for (module, name), function in answers.items():
        monkeypatch.setattr(module, name, counting(name, function))
    monkeypatch.setattr(store, "revision", records.sha256)
    monkeypatch.setattr(store, "MODELS", tmp_path)
    facts.write(records.data_facts(), tmp_path)
    _clear_caches()
    yield asked
    _clear_caches()


def _clear_caches() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()


def new_weights(name: str) -> str:
    """Return the hash of other weights of that name."""
    return records.sha256(f"{name} again")


def test_damage_changes_the_scores_alone(asked: Counter[str]):
    """After a corruption there are its logits, with the pictures' other facts."""
    clean = services.test_scores("cnn")

    found = [stored.corrupted("cnn", CORRUPTIONS["noise_8"]) for _ in range(2)]

    after = found[0]
    assert np.flatnonzero(after.logits != clean.logits).tolist() == [4, 40]
    assert after.logits[4] == 2.5
    assert after.in_training[0]
    assert found[1] is after
    assert asked == {"read": 2, "after": 1}


def test_flips_and_loss_are_found_once(asked: Counter[str]):
    """4 flips from right to wrong, 40 the other way; another corruption is asked anew."""
    noise, blur = CORRUPTIONS["noise_8"], CORRUPTIONS["blur_0.8"]

    for _ in range(2):
        flipped = stored.flipped("cnn", noise)
        loss = stored.loss("cnn", noise, leak_free=True)
    none = stored.flipped("cnn", blur)

    assert np.flatnonzero(flipped).tolist() == [4]
    assert (loss.only_a, loss.only_b, loss.n) == (1, 1, 59)
    assert not none.any()
    assert (asked["compare"], asked["after"]) == (1, 2)


def test_damage_reports_are_of_their_set(
    asked: Counter[str], monkeypatch: pytest.MonkeyPatch
):
    """Each set has its figures; new weights have an answer of their own."""
    n = [stored.robustness_report("cnn", leak_free=each).n for each in (False, True)]
    before = asked["read"]

    monkeypatch.setattr(store, "revision", new_weights)
    again = stored.robustness_report("cnn", leak_free=True)

    assert n == [60, 59]
    assert again.accuracy["noise"][8].value == pytest.approx(58 / 59)
    assert (before, asked["read"]) == (1, 2)


def test_facts_are_read_again_when_they_were_made_again(
    asked: Counter[str], tmp_path: Path
):
    """The same file is read once, another one anew; a missing one is a sentence."""
    first, again = stored.stored_facts(), stored.stored_facts()
    facts.write(replace(records.data_facts(), data_digest="d2"), tmp_path)
    second = stored.stored_facts()
    (tmp_path / facts.FACTS_FILE).unlink()

    with pytest.raises(DatasetError, match="no facts on the data set"):
        stored.stored_facts()
    assert first is again
    assert second.data_digest == "d2"
    assert not asked


def test_parts_are_found_once(asked: Counter[str], monkeypatch: pytest.MonkeyPatch):
    """Accuracies by part are those of the core, and found anew for new weights."""
    for _ in range(2):
        copies, greys = stored.copy_parts("cnn"), stored.grey_parts("cnn")
    before = asked["copy_parts"], asked["grey_parts"]

    monkeypatch.setattr(store, "revision", new_weights)
    stored.copy_parts("cnn")
    stored.grey_parts("cnn")

    assert copies["leak_free"].n == 59
    assert sum(part.n for part in greys.values()) == 60
    assert before == (1, 1)
    assert (asked["copy_parts"], asked["grey_parts"]) == (2, 2)


def test_the_split_is_checked_once(
    asked: Counter[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The names are looked at once; facts on other pictures are always refused."""
    monkeypatch.setattr(services, "test_split", lambda _path: records.split())
    path = Path("cifake.zip")

    found = [stored.facts_split(path) for _ in range(2)]
    facts.write(replace(records.data_facts(), members_sha256="x"), tmp_path)

    for _ in range(2):
        with pytest.raises(DatasetError, match="on other test pictures"):
            stored.facts_split(path)
    assert len(found[0].labels) == 60
    assert asked["check_same_pictures"] == 3


def test_rounds_are_counted_once(asked: Counter[str]):
    """The same rounds are counted once; one more guess is another question."""
    opened = game.Round(game=1, number=1, guesses=(0.9,))
    longer = replace(opened, guesses=(0.9, 0.4))

    for rounds in ([opened], [opened], [longer]):
        found = stored.tallies(rounds, ("cnn",), player="You")

    assert list(found) == ["You", "cnn"]
    assert found["You"].n == 2
    assert asked["tallies"] == 2
