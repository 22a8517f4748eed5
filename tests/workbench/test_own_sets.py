"""Data sets of one's own on the workbench: whose answers, on what, and how often."""

from pathlib import Path

import pytest

from cifake_core.basics.errors import DatasetError
from cifake_core.data.datasets import library
from cifake_core.data.datasets.records import CIFAKE_SETS
from cifake_core.networks import store
from cifake_core.pictures.corruptions import CORRUPTIONS
from cifake_core.workbench import Workbench
from tests.cards import network_card
from tests.made_datasets import add_set
from tests.models import Remake


@pytest.fixture
def source(user_data: Path, tmp_path: Path) -> Path:
    """The folder of the data set "mine", which was added."""
    add_set(user_data, tmp_path / "pictures")
    return tmp_path / "pictures"


@pytest.fixture
def bench(made: Path, user_data: Path, source: Path) -> Workbench:
    """A workbench over the networks made by hand and that set."""
    del source  # it is there
    return Workbench(made, user_data=user_data)


def test_pictures_are_chosen_by_name(bench: Workbench):
    """CIFAKE's and one's own answer the same questions, each on its pictures."""
    found = {name: bench.on(name) for name in (*CIFAKE_SETS, "mine")}

    numbers = {name: len(each.pictures().labels) for name, each in found.items()}
    mine = numbers.pop("mine")
    assert numbers == {"official": 60, "leak-free": 60}
    assert 60 < mine < 120
    assert [each.has_copies for each in found.values()] == [True, True, False]
    official, own = found["official"], found["mine"]
    assert official.evaluation.report("cnn", leak_free=False).n == 60
    assert own.evaluation.report("cnn", leak_free=True).n == mine
    assert official.decisions() is not None
    assert own.decisions() is None
    with pytest.raises(DatasetError, match="no data set called 'absent'"):
        bench.on("absent")


def test_answers_are_kept(bench: Workbench):
    """Until the set is another one: of the same pictures the same scores."""
    first = bench.on("mine").evaluation.scores("cnn")

    assert bench.on("mine").evaluation.scores("cnn") is first
    assert bench.on("mine").pictures() is bench.on("mine").pictures()
    comparison = bench.on("mine").evaluation.comparison("cnn", "cnn3d", leak_free=True)
    assert comparison.n == len(first.labels)


def test_an_ensemble_after_a_corruption_follows_from_its_members(bench: Workbench):
    """As on the pictures as they are."""
    own = bench.on("mine")
    blur = CORRUPTIONS["blur_0.8"]

    after = own.robustness.corrupted("ensemble", blur)

    assert after.network == "ensemble"
    assert own.robustness.report("ensemble", leak_free=True).n == len(after.labels)
    loss = own.robustness.loss("ensemble", blur, leak_free=True)
    flipped = own.robustness.flipped("ensemble", blur)
    assert loss.only_b == flipped.sum()


def test_what_one_network_was_taught_counts_for_none(
    remake: Remake, user_data: Path, source: Path
):
    """So that they are compared on the same pictures."""
    del source
    models = remake()
    digest = library.card("mine", user_data / "datasets").digest
    sets = {"mine": {"digest": digest, "generators": ["gan"]}}
    card = network_card("cnn3d", store.revision("cnn3d", models))
    store.write_card(models / "cnn3d", card)
    before = Workbench(models, user_data=user_data).on("mine")
    n = before.evaluation.report("cnn", leak_free=True).n

    taught = network_card(
        "cnn3d", store.revision("cnn3d", models), config={"datasets": sets}
    )
    store.write_card(models / "cnn3d", taught)
    bench = Workbench(models, user_data=user_data)
    own = bench.on("mine")

    held_out = int((own.pictures().parts == "validation").sum())
    assert own.evaluation.report("cnn", leak_free=True).n == held_out < n
    given = own.decide(lambda _: None)
    assert own.verdicts(given).n == held_out


def test_a_picture_is_found_by_its_hash(bench: Workbench):
    """By the beginning of it; a sealed one is not."""
    pictures = bench.on("mine").pictures()
    sealed = library.load("mine", root=bench.user_data / "datasets", parts=("test",))

    found, place = bench.own_sets.position("mine", pictures.hashes[4][:16])

    assert (found.name, place) == ("mine", 4)
    with pytest.raises(DatasetError, match="outside its sealed part"):
        bench.own_sets.position("mine", sealed.hashes[0][:16])
