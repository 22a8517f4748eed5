"""Changes of data sets by somebody: noted in the audit, where there are accounts.

Both doors ask here; `library` does the work, and says what each function raises.
"""

from pathlib import Path

from cifake_core.accounts.acts import note_act
from cifake_core.accounts.records import Who
from cifake_core.basics.labels import LABELS
from cifake_core.basics.progress import ProgressCallback, tell_nobody
from cifake_core.data.datasets import library
from cifake_core.data.datasets.records import UNLABELLED, DataSetCard


def add(  # noqa: PLR0913 - all but the set by keyword
    name: str,
    path: Path,
    *,
    user_data: Path,
    by: Who,
    cifake: Path | None,
    progress: ProgressCallback = tell_nobody,
) -> DataSetCard:
    """Check a data set and keep its card; as `library.add`."""
    root = user_data / library.FOLDER
    card = library.add(name, path, root=root, cifake=cifake, progress=progress)
    note_act(user_data, by, action="dataset.add", subject=name, result=_in_words(card))
    return card


def remove(name: str, *, user_data: Path, by: Who) -> None:
    """Forget a data set; as `library.remove`."""
    library.remove(name, user_data / library.FOLDER)
    note_act(user_data, by, action="dataset.remove", subject=name)


def restore(name: str, *, user_data: Path, by: Who) -> DataSetCard:
    """Take a removal back; as `library.restore`."""
    card = library.restore(name, user_data / library.FOLDER)
    told = _in_words(card)
    note_act(user_data, by, action="dataset.restore", subject=name, result=told)
    return card


def label(
    name: str, sha256: str, label: int, *, user_data: Path, by: Who
) -> DataSetCard:
    """Give one picture its label by hand, or take it back; as `library.set_labels`."""
    root = user_data / library.FOLDER
    card = library.set_labels(name, {sha256: label}, root=root)
    given = "no label" if label == UNLABELLED else LABELS[label]
    told = f"{given} for the picture {sha256}"
    note_act(user_data, by, action="dataset.label", subject=name, result=told)
    return card


def _in_words(card: DataSetCard) -> str:
    """What a set holds: the number of its pictures, and the digest of their labels."""
    num = sum(sum(counts.values()) for counts in card.counts.values())
    return f"{num:,} pictures, digest {card.digest}"
