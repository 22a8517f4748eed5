"""Teaching under fire: `python -m tests.retraining.killed KILLS SECONDS FOLDER`.

FOLDER has `models`, `data` and `home` with the data set "mine". A child teaches there
and is killed at a random moment, so many times; after each kill what is left is looked
at. It prints a line for each, and ends with one that ran through.
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

from cifake_core.accounts.records import ANYBODY
from cifake_core.data.datasets.library import FOLDER
from cifake_core.networks import OWN, store
from cifake_core.retraining.service import Teaching, teach
from cifake_core.training import run_folder
from cifake_core.training.replay import no_fakes
from cifake_core.verdicts import card as policy_card
from cifake_core.versions.records import SHIPPED
from cifake_core.versions.registry import VersionRegistry
from tests.made_teaching import CONFIG, POLICY

#: Seconds after which the folder of a killed run is free.
_QUIET = 6


def run(place: Path) -> None:
    """Teach, or go on with what was begun."""
    teaching = Teaching(
        network="cnn",
        on=("mine",),
        datasets=place / "home" / FOLDER,
        data=place / "data",
        fakes=no_fakes,
        base=CONFIG,
        policy=POLICY,
    )
    registry = VersionRegistry(place / "home", place / "models")
    teach(teaching, registry=registry, run=place / "run", by=ANYBODY, resume=True)


def check(place: Path, epochs: int, versions: int) -> tuple[int, int]:
    """Finished epochs and versions that are there; none of either may be lost.

    Every version there is must be whole: its weights, its ensemble and its policy.
    """
    registry = VersionRegistry(place / "home", place / "models")
    assert registry.in_use().number == SHIPPED
    found = registry.listing()
    for version in found:
        tree = registry.folder(version.number)
        hashes = {name: store.revision(name, tree) for name in OWN}
        policy_card.read(hashes, tree)
        if version.number != SHIPPED:
            assert hashes["cnn"] == version.model_sha256
            store.load_card(tree / "cnn")
    assert len(found) >= versions
    path = place / "run" / run_folder.CHECKPOINT_FILE
    now = (
        len(run_folder.read_checkpoint(place / "run").history) if path.is_file() else 0
    )
    # a candidate takes over what the run held
    assert now >= epochs or len(found) > versions
    return now, len(found)


def main(kills: int, seconds: float, place: Path) -> None:
    """Kill a teaching so many times within so many seconds of its start."""
    draw = random.Random(0)  # noqa: S311 - not for secrets
    epochs, versions = check(place, 0, 1)
    for number in range(kills):
        child = os.fork()
        if not child:
            run(place)
            os._exit(0)
        time.sleep(draw.uniform(0, seconds))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        time.sleep(_QUIET)
        epochs, versions = check(place, epochs, versions)
        print(f"kill {number + 1}: {epochs} epochs, {versions} versions", flush=True)  # noqa: T201
    child = os.fork()
    if not child:
        run(place)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    print(f"status {status}, then", check(place, epochs, versions), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3]))
