"""Trees of models: a folder for each version, linked where nothing changed."""

import hashlib
import os
import shutil
import time
from collections.abc import Collection
from pathlib import Path
from typing import Final

from cifake_core.basics.errors import ModelUnavailableError, VersionError
from cifake_core.basics.files import file_sha256
from cifake_core.basics.places import CHECKOUT
from cifake_core.networks import NETWORKS, store

FOLDER: Final = "versions"
_SHIPPED: Final = "shipped"
#: Seconds after which nobody works on a scratch tree any more: a day.
_STALE: Final = 86_400


def root_of(shipped: Path) -> str:
    """What names a folder of shipped models: "" for the checkout's own, or its path."""
    resolved = shipped.resolve()
    return "" if resolved == (CHECKOUT / "models").resolve() else str(resolved)


def home(user_data: Path, root: str) -> Path:
    """Folder of the trees of all versions but the shipped one."""
    name = hashlib.sha256(root.encode()).hexdigest()[:12] if root else _SHIPPED
    return user_data / FOLDER / name


def link_tree(source: Path, target: Path) -> None:
    """Fill the folder `target` with the files of `source`, which take no room again.

    Files are linked, as nobody changes one in place: each is written beside its place
    and renamed. They are copied where the file system has no links.

    Raises:
        OSError: If there is no room, or `source` cannot be read.
    """
    shutil.copytree(source, target, copy_function=_link, dirs_exist_ok=True)


def check(models: Path, *, expected: Collection[str]) -> None:
    """Check that networks are there, and are what their cards vouch for.

    Args:
        models: the tree.
        expected: names of our own networks that must be there.

    Raises:
        VersionError: If a network is missing or another one.
    """
    own = store.available(models)
    missing = [name for name in expected if name not in own]
    if missing:
        msg = f"{models} lacks {', '.join(missing)}"
        raise VersionError(msg)
    for name in (*own, *store.available_papers(models)):
        try:
            sha256 = store.revision(name, models)
            if not NETWORKS[name].members:
                store.read_runtime_file(models / name)
        except ModelUnavailableError as error:
            raise VersionError(str(error).rstrip(".")) from error
        weights = models / name / store.WEIGHTS_FILE
        if not NETWORKS[name].members and file_sha256(weights) != sha256:
            msg = f"{weights} is not what its card vouches for"
            raise VersionError(msg)


def sweep(place: Path, *, numbers: Collection[int]) -> None:
    """Delete what a killed process left: trees of no version, old scratch trees."""
    for tree in place.iterdir():
        if tree.name.startswith("."):  # scratch, which another process may work on
            left = time.time() - tree.stat().st_mtime > _STALE
        else:
            left = tree.name not in map(str, numbers)
        if left:
            delete(tree)


def delete(tree: Path) -> None:
    """Delete a tree; what cannot be deleted now is swept later."""
    shutil.rmtree(tree, ignore_errors=True)


def _link(source: str, target: str) -> None:
    """Link a file, or copy it where it cannot be linked."""
    try:
        os.link(os.path.realpath(source), target)
    except OSError:  # another disk, somebody else's file, or no links at all
        shutil.copy2(source, target)
