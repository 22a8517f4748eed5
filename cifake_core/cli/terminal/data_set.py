"""The data set as commands take it: read with progress, and where findings go."""

from pathlib import Path

from cifake_core.basics import places
from cifake_core.cli.terminal.output import share_line
from cifake_core.data import cifake
from cifake_core.data.archive import SplitName
from cifake_core.data.cifake import Split
from cifake_core.networks import store


def read_split(data: Path, split: SplitName) -> Split:
    """Return one split, and show how far decoding it is."""
    with share_line(f"Reading the pictures of {split}/, once") as progress:
        return cifake.load(data, split, progress=progress)


def read_both(data: Path) -> tuple[Split, Split]:
    """Return the training and the test pictures."""
    return read_split(data, "train"), read_split(data, "test")


def home_of(name: str, *, data_digest: str) -> Path:
    """Return where findings go: shipped ones are on the published set alone.

    Args:
        name: of the folder in the cache for findings on any other set.
        data_digest: of the set that they are on.
    """
    if data_digest == cifake.PUBLISHED_DIGEST:
        return store.MODELS
    folder = places.cache_folder() / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder
