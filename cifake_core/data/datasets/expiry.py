"""Expiry of data sets: those that were forgotten, and zips that belong to none."""

import shutil
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from cifake_core.data.datasets import index


def expire_forgotten(root: Path, days: int) -> int:
    """Delete for good what was forgotten longer ago; how many sets.

    Args:
        root: the folder of data sets.
        days: for which a set can be brought back.
    """
    gone = [each for each in index.asides(root) if _is_older(each, days)]
    for folder in gone:
        shutil.rmtree(folder, ignore_errors=True)
    return len(gone)


def expire_uploads(root: Path, uploads: Path, days: int) -> int:
    """Delete uploaded zips that no set was made of, or whose set is gone; how many.

    Args:
        root: the folder of data sets.
        uploads: the folder of the zips.
        days: for which one may wait to become a set.

    Raises:
        ModelUnavailableError: If a card is damaged: its zip might be among them.
    """
    folders = [*(root / name for name in index.names(root)), *index.asides(root)]
    used = {Path(index.read_card(each).source) for each in folders}
    gone = [
        each for each in uploads.glob("*") if each not in used and _is_older(each, days)
    ]
    for file in gone:
        with suppress(OSError):
            file.unlink()
    return len(gone)


def _is_older(path: Path, days: int) -> bool:
    """Whether what lies at a path was put there longer ago."""
    try:
        return path.stat().st_mtime < time.time() - timedelta(days=days).total_seconds()
    except OSError:  # gone meanwhile
        return False
