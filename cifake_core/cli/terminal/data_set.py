"""The data set as commands take it: read with progress, and where findings go."""

from pathlib import Path

from cifake_core.basics import places
from cifake_core.cli.terminal.progress import progress_bar
from cifake_core.data import cifake
from cifake_core.data.archive import SplitName
from cifake_core.data.cifake import Split


def read_split(data: Path, split: SplitName) -> Split:
    """Return one split, and show how far decoding it is."""
    with progress_bar(f"Reading the pictures of {split}/, once") as progress:
        return cifake.load(data, split, progress=progress)


def read_both(data: Path) -> tuple[Split, Split]:
    """Return the training and the test pictures."""
    return read_split(data, "train"), read_split(data, "test")


def findings_folder(name: str, models: Path, *, data_digest: str) -> Path:
    """Return the folder of findings: shipped ones are on the published set alone.

    Args:
        name: of the folder in the cache for findings on any other set.
        models: the folder for findings on CIFAKE as published.
        data_digest: of the set that they are on.
    """
    if data_digest == cifake.PUBLISHED_DIGEST:
        return models
    folder = places.cache_folder() / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder
