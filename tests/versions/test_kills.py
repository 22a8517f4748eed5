"""Processes that are killed, and that run beside one another: never a mixture."""

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from cifake_core.basics.places import CHECKOUT, DATABASE_FILE
from cifake_core.networks import store
from cifake_core.versions import trees
from cifake_core.versions.registry import VersionRegistry
from tests.made_versions import contents, pass_gate, put_models, teach

#: How often a process is killed; `CIFAKE_KILLS` names another number.
KILLS = int(os.environ.get("CIFAKE_KILLS", "6"))
_SECONDS = 0.4  # in which promoting, rolling back, adding and removing is done often


@pytest.fixture
def shipped(tmp_path) -> Path:
    """The folder of models that is shipped."""
    return put_models(tmp_path / "models")


@pytest.fixture
def registry(user_data, shipped) -> VersionRegistry:
    """The registry with a version 2 that may be promoted."""
    made = VersionRegistry(user_data, shipped)
    pass_gate(made, teach(made).number)
    return made


def begin(registry: VersionRegistry, user_data: Path) -> subprocess.Popen[str]:
    """Begin a process that promotes and rolls back; it has begun on return."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.versions.killed", user_data, registry.shipped],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "begun\n"
    return process


def check_whole(registry: VersionRegistry, wanted: dict[int, dict[str, bytes]]) -> int:
    """Check that one version is in use, and is whole; return its number."""
    (in_use,) = (each for each in registry.listing() if each.state == "in use")
    current = registry.current()
    assert current.number == in_use.number
    assert current.trouble == ""
    assert contents(current.models) == wanted[in_use.number]
    trees.check(current.models, expected=store.available(registry.shipped))
    assert contents(registry.shipped) == wanted[1]
    return in_use.number


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be renamed")
def test_a_kill_never_leaves_a_mixture(registry, user_data):
    """Killed at random moments, one version is in use, and its tree is whole."""
    wanted = {number: contents(registry.folder(number)) for number in (1, 2)}
    draw = np.random.RandomState(0)
    found = []

    for _ in range(KILLS):
        process = begin(registry, user_data)
        time.sleep(draw.uniform(0, _SECONDS))
        process.kill()
        process.communicate()
        found.append(check_whole(registry, wanted))

    assert set(found) <= {1, 2}
    last = teach(registry, found[-1])  # sweeps what was left
    kept = {str(each.number) for each in registry.listing()} - {"1"}
    home = registry.folder(last.number).parent
    assert {each.name for each in home.iterdir() if each.name[0] != "."} == kept
    database = sqlite3.connect(user_data / DATABASE_FILE)
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


def test_two_processes_at_once_take_turns(user_data, shipped):
    """Both make the database, add versions and use them; no number is given twice."""
    code = (
        "import sys; from pathlib import Path;"
        "from cifake_core.versions.registry import VersionRegistry;"
        "from tests.made_versions import teach;"
        "made = VersionRegistry(Path(sys.argv[1]), Path(sys.argv[2]));"
        "print(*[teach(made, why=sys.argv[3]).number for _ in range(5)])"
    )

    both = [
        subprocess.Popen(
            [sys.executable, "-c", code, user_data, shipped, name],
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("ann", "bob")
    ]
    told = [process.communicate()[0].split() for process in both]

    registry = VersionRegistry(user_data, shipped)
    assert [process.returncode for process in both] == [0, 0]
    assert sorted(map(int, told[0] + told[1])) == list(range(2, 12))
    for each in registry.listing()[1:]:
        weights = registry.folder(each.number) / "cnn" / store.WEIGHTS_FILE
        assert weights.read_text("utf-8").startswith(f"1: {each.why}")


def test_of_two_who_promote_one_is_told(registry, user_data, shipped):
    """What another process has promoted meanwhile is not written over."""
    pass_gate(registry, teach(registry, why="another").number)
    code = (
        "import sys; from pathlib import Path;"
        "from cifake_core.versions.registry import VersionRegistry;"
        "from tests.made_versions import ANN;"
        "made = VersionRegistry(Path(sys.argv[1]), Path(sys.argv[2]));"
        "made.promote(int(sys.argv[3]), why='better', by=ANN)"
    )

    both = [
        subprocess.Popen(
            [sys.executable, "-c", code, user_data, shipped, number],
            cwd=CHECKOUT,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in ("2", "3")
    ]
    told = [process.communicate()[1] for process in both]

    ends = [process.returncode for process in both]
    winner = 2 + ends.index(0)
    assert sorted(ends) == [0, 1]
    assert f"taught from version 1, but {winner} is in use" in "".join(told)
    assert registry.in_use().number == winner
