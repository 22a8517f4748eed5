"""Scores on a data set of one's own: whose they are, and what is asked only once."""

from pathlib import Path

import numpy as np
import pytest

from cifake_core.basics.errors import DatasetError
from cifake_core.evaluation import robustness
from cifake_core.evaluation.dataset_cache import some_of
from cifake_core.evaluation.dataset_scores import (
    is_taught,
    logits,
    score,
    score_corrupted,
)
from cifake_core.networks.ensemble import Ensemble
from cifake_core.pictures.corruptions import CORRUPTIONS
from tests.cards import network_card
from tests.fakes import LinearProbe, random_probe
from tests.made_sets import pictures


@pytest.fixture
def probe() -> LinearProbe:
    """A network that counts the pictures it is asked about."""
    return random_probe("rgb", 1, name="cnn")


def test_scores_are_the_networks_answers(probe):
    """In the order of the pictures, with what is known of them."""
    mine = pictures()

    found = score(probe, mine)

    np.testing.assert_array_equal(found.logits, probe.logits(mine.images))
    assert (found.network, found.model_sha256) == ("cnn", probe.sha256)
    assert found.members.tolist() == mine.members.tolist()
    assert found.generators.tolist()[:4] == ["gan", "", "flow", ""]
    assert not found.in_training.any()
    assert not found.repeats.any()
    assert (found.seen_classes == -1).all()


def test_a_picture_is_asked_about_once(probe):
    """Whatever parts are asked for later; other pictures are others."""
    mine = pictures()
    first = score(probe, some_of(mine, mine.parts != "test"))
    asked = sum(probe.calls)

    again = score(probe, mine)

    assert asked == 16
    assert sum(probe.calls) == 20
    np.testing.assert_array_equal(again.logits[mine.parts != "test"], first.logits)
    score(probe, pictures(digest="d2"))
    assert sum(probe.calls) == 40


def test_other_weights_are_asked_anew(probe):
    """A kept answer belongs to the weights that gave it."""
    score(probe, pictures())
    other = random_probe("rgb", 2, name="cnn")

    found = score(other, pictures())

    np.testing.assert_array_equal(found.logits, other.logits(pictures().images))


def test_the_sealed_part_is_not_asked_for(probe, own_cache: Path):
    """Until somebody looks at it."""
    mine = pictures()

    score(probe, some_of(mine, mine.parts == "validation"))

    (kept,) = (own_cache / "scores").iterdir()
    assert "-validation-" in kept.name


@pytest.mark.parametrize("content", [b"", b"no table"])
def test_a_damaged_file_is_made_again(probe, own_cache: Path, content: bytes):
    """Without a word."""
    mine = pictures()
    first = score(probe, mine)
    for file in (own_cache / "scores").iterdir():
        file.write_bytes(content)

    np.testing.assert_array_equal(score(probe, mine).logits, first.logits)


def test_an_ensembles_scores_follow_from_its_members():
    """What they were asked is not asked again."""
    one, other = random_probe("rgb", 1), random_probe("planes", 2)
    both = Ensemble("ensemble", [one, other], weights=[0.25, 0.75])
    mine = pictures()
    alone = score(one, mine).logits, score(other, mine).logits
    asked = sum(one.calls)

    found = score(both, mine)

    np.testing.assert_allclose(found.logits, 0.25 * alone[0] + 0.75 * alone[1], 1e-6)
    assert found.model_sha256 == both.sha256
    assert sum(one.calls) == asked


def test_what_was_learnt_from_is_marked(probe):
    """It does not count."""
    mine = pictures()

    found = score(probe, mine, taught=True)

    assert found.in_training.tolist() == (mine.parts == "training").tolist()
    assert found.report(leak_free=True).n == 8


def test_progress_goes_from_the_start_to_the_end(probe):
    """And nothing is told where all is kept."""
    told: list[float] = []
    score(probe, pictures(), progress=told.append)
    first = list(told)
    score(probe, pictures(), progress=told.append)

    assert first == sorted(first)
    assert first[-1] == 1.0
    assert told == first


def test_corrupted_pictures_are_those_of_the_test_set(probe):
    """The same changes, by the files' hashes, each in its cell."""
    mine = pictures()

    found = score_corrupted(probe, mine, taught=True)

    blurred = robustness.corrupt(
        mine.images, mine.hashes, kind="blur", strength=CORRUPTIONS["blur_0.8"].strength
    )
    row = list(CORRUPTIONS).index("blur_0.8")
    logits = found.logits.reshape(len(CORRUPTIONS), -1)[row]
    np.testing.assert_array_equal(logits, probe.logits(blurred).astype(np.float16))
    assert found.leak_free.sum() == 8
    after = robustness.after(CORRUPTIONS["blur_0.8"], score(probe, mine), found)
    assert after.generators is not None


def test_a_full_disk_is_a_sentence(probe, own_cache: Path):
    """Where answers cannot be kept, it says where."""
    own_cache.mkdir(parents=True, exist_ok=True)
    (own_cache / "scores").write_text("in the way")

    with pytest.raises(DatasetError, match=r"cannot be kept in .*Make room"):
        score(probe, pictures())


@pytest.mark.parametrize(
    ("sets", "taught"),
    [
        ({}, False),
        ({"mine": {"digest": "d9"}}, True),
        ({"theirs": {"digest": "d1"}}, True),
        ({"theirs": {"digest": "d2"}}, False),
    ],
)
def test_a_card_says_what_was_taught(sets, *, taught: bool):
    """By the set's name or by its content."""
    cards = [network_card("cnn", "a1"), network_card("cnn3d", "b2")]
    cards.append(network_card("cnn_multi", "c3", config={"datasets": sets}))

    assert is_taught(cards, name="mine", digest="d1") is taught


def test_a_network_is_loaded_only_to_be_asked(probe):
    """Kept answers need none; without any there is nothing."""
    mine = pictures()
    assert logits(probe.sha256, mine) is None

    first = logits(probe.sha256, mine, lambda: probe)
    again = logits(probe.sha256, mine)

    np.testing.assert_array_equal(first, probe.logits(mine.images))
    np.testing.assert_array_equal(again, first)
