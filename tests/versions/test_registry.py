"""Model registry: which version is in use, what changes that, what stays on disk."""

import os
import shutil
import sqlite3
import time
import timeit
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cifake_core.basics.errors import DatabaseUnavailableError, VersionError
from cifake_core.basics.places import CHECKOUT, DATABASE_FILE
from cifake_core.networks import store
from cifake_core.versions import trees
from cifake_core.versions.registry import VersionRegistry
from tests.made_versions import (
    ANN,
    BOB,
    FAILED,
    PASSED,
    contents,
    pass_gate,
    put_models,
    put_weights,
    teach,
)


@pytest.fixture
def shipped(tmp_path) -> Path:
    """The folder of models that is shipped."""
    return put_models(tmp_path / "models")


@pytest.fixture
def registry(user_data, shipped) -> VersionRegistry:
    """The registry before anything was taught."""
    return VersionRegistry(user_data, shipped)


@pytest.fixture
def promoted(registry) -> VersionRegistry:
    """The registry with version 2 in use."""
    pass_gate(registry, teach(registry).number)
    registry.promote(2, why="finds the new GAN", by=ANN)
    return registry


def states(registry: VersionRegistry) -> dict[int, str]:
    """State of each version by number."""
    return {each.number: each.state for each in registry.listing()}


def test_before_anything_is_taught_version_1_answers(registry, user_data, shipped):
    """It is the folder that the door names; to look leaves nothing on disk."""
    (only,) = registry.listing()

    assert (only.number, only.state, only.parent, only.network) == (
        1,
        "in use",
        None,
        "",
    )
    assert registry.in_use().number == registry.get(1).number == 1
    assert registry.models() == registry.folder(1) == shipped
    assert list(user_data.iterdir()) == []


def test_a_candidate_changes_nothing_that_answers(registry, shipped):
    """It has a tree of its own, and a row with what it was taught."""
    before = datetime.now(UTC)

    made = teach(registry)

    found = registry.get(2)
    assert (made.number, made.state) == (2, "candidate")
    assert found.recipe == {"epochs": 3}
    assert found.datasets == {"newgan": "d1"}
    assert found.metrics == {"accuracy": 0.9}
    assert (found.network, found.parent, found.gate) == ("cnn", 1, None)
    assert (found.who, found.why) == ("ann", "a new GAN")
    assert found.model_sha256 == store.revision("cnn", registry.folder(2))
    assert before <= found.created == found.changed <= datetime.now(UTC)
    assert found.created.tzinfo == UTC
    assert registry.models() == shipped
    assert registry.in_use().number == 1


def test_shipped_files_are_linked_and_never_changed(registry, shipped):
    """What was not taught takes no room again; what was stays as it was."""
    before = contents(shipped)

    teach(registry)

    untouched = Path("policy.json")
    new = registry.folder(2)
    with registry.tree(2) as tree:
        assert (tree / "cnn/model.keras").samefile(new / "cnn/model.keras")
    assert contents(shipped) == before
    assert contents(new).keys() == before.keys()
    assert (new / "cnn/model.keras").read_bytes() != before["cnn/model.keras"]
    assert (new / untouched).read_bytes() == before[untouched.name]


def test_files_are_copied_where_they_cannot_be_linked(registry, shipped, monkeypatch):
    """Another disk, or a file of somebody else's."""

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)

    with registry.tree(1) as tree:
        assert contents(tree) == contents(shipped)
        assert not (tree / "policy.json").samefile(shipped / "policy.json")


def test_a_tree_that_is_not_added_is_deleted(registry):
    """Also the scratch folder."""
    with registry.tree(1) as tree:
        place = tree.parent

    assert list(place.iterdir()) == []


def test_promoting_changes_what_answers(promoted, shipped):
    """The former version stays, and its row says since when and why."""
    assert states(promoted) == {1: "former", 2: "in use"}
    assert promoted.models() == promoted.folder(2) != shipped
    second = promoted.in_use()
    assert (second.number, second.who, second.why) == (2, "ann", "finds the new GAN")
    assert second.changed > second.created


def test_rolling_back_is_one_step(promoted, shipped):
    """Version 2 is a former one then; its gate's report still lets it return."""
    back = promoted.rollback("cnn", why="", by=BOB)

    assert (back.number, back.why, back.who) == (1, "back from version 2", "bob")
    assert states(promoted) == {1: "in use", 2: "former"}
    assert promoted.models() == shipped
    promoted.promote(2, why="after all", by=ANN)
    assert states(promoted) == {1: "former", 2: "in use"}


def test_versions_build_on_one_another(promoted):
    """What is taught from version 2 goes back to version 2."""
    third = teach(promoted, parent=2, why="another GAN")
    pass_gate(promoted, 3)
    promoted.promote(3, why="another GAN", by=ANN)

    assert third.parent == 2
    assert states(promoted) == {1: "former", 2: "former", 3: "in use"}
    assert promoted.rollback("cnn", why="", by=ANN).number == 2
    assert promoted.rollback("cnn", why="", by=ANN).number == 1
    with pytest.raises(VersionError, match="there is none before it"):
        promoted.rollback("cnn", why="", by=ANN)


def test_only_what_was_taught_last_is_rolled_back(promoted):
    """Another network's teaching is not what version 2 is about."""
    with pytest.raises(VersionError, match="taught cnn and not cnn3d"):
        promoted.rollback("cnn3d", why="", by=ANN)

    assert states(promoted) == {1: "former", 2: "in use"}


def test_the_gate_refuses_and_may_think_again(registry):
    """A refused version says which checks it failed."""
    teach(registry)

    refused = registry.record_gate(2, FAILED | {"against": 1})

    assert (refused.state, refused.why) == ("refused", "failed: recall, ece")
    assert refused.gate == FAILED | {"against": 1}
    assert pass_gate(registry, 2).state == "candidate"


def test_the_gate_leaves_a_former_version_a_way_back(promoted):
    """It may not be promoted, but gone back to."""
    teach(promoted, parent=2)
    pass_gate(promoted, 3)
    promoted.promote(3, why="better", by=ANN)

    assert promoted.record_gate(2, FAILED | {"against": 3}).state == "former"
    with pytest.raises(VersionError, match="taught from version 1, but 3 is in use"):
        promoted.promote(2, why="again", by=ANN)
    assert promoted.rollback("cnn", why="", by=ANN).number == 2


def test_the_gate_is_not_for_the_version_in_use(promoted):
    """It would compare it with itself."""
    with pytest.raises(VersionError, match="Version 2 is in use"):
        promoted.record_gate(2, PASSED | {"against": 2})


@pytest.mark.parametrize(
    ("call", "options"), [("get", {}), ("folder", {}), ("remove", {"by": ANN})]
)
def test_an_unknown_version_is_told(call, options, registry):
    """Wherever it is named."""
    with pytest.raises(VersionError, match="There is no version 7"):
        getattr(registry, call)(7, **options)


def test_weights_that_are_not_the_cards_are_not_promoted(registry):
    """Nor is anything else changed then."""
    pass_gate(registry, teach(registry).number)
    weights = registry.folder(2) / "cnn" / store.WEIGHTS_FILE
    weights.write_bytes(b"something else")

    with pytest.raises(VersionError, match=r"Version 2 is not whole: .*vouches for"):
        registry.promote(2, why="finds it", by=ANN)

    assert states(registry) == {1: "in use", 2: "candidate"}


@pytest.mark.parametrize("gone", ["cnn/model.keras", "cnn3d/card.json", "cnn3d"])
def test_a_tree_that_lacks_something_is_not_added(gone, registry):
    """No row, and no tree."""
    with registry.tree(1) as tree:
        put_weights(tree, "cnn", "new")
        place = tree / gone
        shutil.rmtree(place) if place.is_dir() else place.unlink()
        with pytest.raises(VersionError, match="The new version is not whole"):
            registry.add(
                tree,
                network="cnn",
                parent=1,
                recipe={},
                datasets={},
                metrics={},
                who="ann",
                why="",
            )
        home = tree.parent

    assert states(registry) == {1: "in use"}
    assert list(home.iterdir()) == []


def test_a_version_whose_tree_is_gone_is_told(promoted, shipped):
    """Version 1 answers with a sentence, and one can go back."""
    shutil.rmtree(promoted.folder(2))

    current = promoted.current()

    assert (current.number, current.models) == (1, shipped)
    assert "Version 2 is in use, but its folder" in current.trouble
    assert promoted.in_use().number == 1
    with pytest.raises(VersionError, match=r"of version 2 is gone"):
        promoted.folder(2)
    promoted.rollback("cnn", why="", by=ANN)
    assert promoted.current().trouble == ""


def test_removing_leaves_nothing(registry):
    """A number is not given again."""
    teach(registry)
    tree = registry.folder(2)

    registry.remove(2, by=ANN)

    assert not tree.exists()
    assert states(registry) == {1: "in use"}
    assert teach(registry).number == 3


def test_what_rests_on_a_version_keeps_it(promoted):
    """The shipped one, the one in use, and the one before it."""
    third = teach(promoted, parent=2)
    for number, why in {1: "never removed", 2: "is in use"}.items():
        with pytest.raises(VersionError, match=why):
            promoted.remove(number, by=ANN)
    pass_gate(promoted, third.number)
    promoted.promote(3, why="better", by=ANN)
    with pytest.raises(VersionError, match="goes back to from version 3"):
        promoted.remove(2, by=ANN)
    promoted.rollback("cnn", why="", by=ANN)
    promoted.remove(3, by=ANN)

    assert states(promoted) == {1: "former", 2: "in use"}


def test_what_a_kill_left_is_swept(registry):
    """A tree of no version, and a scratch tree of the day before; not one of now."""
    home = registry.folder(teach(registry).number).parent
    for name, age in {"9": 0, ".part-tree-old": 100_000, ".part-tree-new": 0}.items():
        put_models(home / name)
        os.utime(home / name, (time.time() - age,) * 2)

    teach(registry)

    assert {each.name for each in home.iterdir()} == {"2", "3", ".part-tree-new"}


def test_folders_of_models_have_versions_of_their_own(promoted, user_data, tmp_path):
    """Another folder's first version is in use, and its numbers begin anew."""
    other = VersionRegistry(user_data, put_models(tmp_path / "others"))

    assert other.in_use().number == 1
    assert teach(other).number == 2
    assert other.folder(2) != promoted.folder(2)
    assert promoted.in_use().number == 2


def test_the_checkouts_own_models_keep_their_versions_where_it_is_moved(user_data):
    """They go by no path."""
    models = CHECKOUT / "models"

    assert trees.root_of(models) == ""
    assert trees.home(user_data, "") == user_data / "versions" / "shipped"


def test_a_database_of_a_newer_program_is_refused(registry, user_data):
    """It is neither read nor written."""
    database = sqlite3.connect(user_data / DATABASE_FILE)
    database.execute("PRAGMA user_version = 99")
    database.close()

    for call in (registry.models, registry.listing, lambda: teach(registry)):
        with pytest.raises(DatabaseUnavailableError, match="Update the program"):
            call()


def test_a_damaged_database_is_told(registry, user_data):
    """A file that is none."""
    (user_data / DATABASE_FILE).write_bytes(b"no database at all" * 100)

    with pytest.raises(DatabaseUnavailableError, match="cannot be used"):
        registry.models()


def test_an_empty_database_is_as_none(registry, user_data):
    """A process was killed before it had made the tables."""
    (user_data / DATABASE_FILE).touch()

    assert registry.in_use().number == 1
    assert teach(registry).number == 2


def test_looking_is_cheap(promoted):
    """It is done on every run of a page; less than a millisecond each."""
    promoted.models()

    # other processes do not count, and the best of twenty is the least disturbed
    rounds = timeit.repeat(promoted.models, time.process_time, repeat=20, number=100)

    assert min(rounds) < 0.1, rounds
