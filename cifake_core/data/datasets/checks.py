"""Checks of a data set on entry: each a figure, its limit and a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from cifake_core.basics.labels import LABELS
from cifake_core.basics.text import PERCENT
from cifake_core.data.datasets.copies import Copies
from cifake_core.data.datasets.form_cues import strongest_form_cue
from cifake_core.data.datasets.records import UNLABELLED, Check

#: Pictures of each label that a set must have.
MIN_PER_LABEL: Final = 50
#: Balanced accuracy of the best rule over file form; 0.5 is chance.
MAX_FORM_CUE: Final = 0.65
#: Share of the pictures that may stand there with both labels.
MAX_CONFLICTING: Final = 0.01
#: Share of the pictures that may be copies of CIFAKE's test pictures.
MAX_TEST_COPIES: Final = 0.01
#: What is said of a file by the kind of copy that it is.
_COPIES: Final = {
    "test": "A copy of one of CIFAKE's test pictures.",
    "near": "Nearly a copy of one of CIFAKE's test pictures, saved anew or mirrored.",
    "train": "A copy of one of CIFAKE's training pictures.",
}


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Checked:
    """What the checks of a set found: which rows to keep, and why not the others.

    `kept` is (N,) bool over the rows of the table; `left_out` has a sentence by path.
    """

    kept: npt.NDArray[np.bool_]
    left_out: Mapping[str, str]
    checks: tuple[Check, ...]


def check_entries(
    table: pd.DataFrame, *, num_unreadable: int, copies: Copies | None
) -> Checked:
    """Check the pictures of a set that could be read.

    Args:
        table: of `entries.Entries`; it may be empty.
        num_unreadable: files that could not be read.
        copies: of CIFAKE's pictures, or None if that is not on this machine.
    """
    readable = _readable(len(table), num_unreadable)
    if table.empty:
        return Checked(kept=np.zeros(0, np.bool_), left_out={}, checks=(readable,))
    conflicting = _conflicting(table)
    repeats = _repeats(table) & ~conflicting
    left_out = _sentences(table, conflicting, repeats, copies)
    kept = ~table["member"].isin(list(left_out)).to_numpy()
    labels = table["label"].to_numpy()[kept]
    checks = [
        readable,
        _no_conflicts(int(conflicting.sum()), len(table)),
        _no_test_copies(copies),
        *_enough(labels),
    ]
    if all(check.passed for check in checks[-2:]):
        checks.append(_form_tells_nothing(table[kept & (table["label"] >= 0)]))
    return Checked(kept=kept, left_out=left_out, checks=tuple(checks))


def _readable(num_read: int, num_unreadable: int) -> Check:
    """Whether any picture can be read."""
    return Check(
        name="Readable",
        passed=num_read > 0,
        sentence=(
            f"{num_read:,} of {num_read + num_unreadable:,} files are pictures that "
            "can be read."
            + ("" if num_read else " Expected files such as JPEG or PNG.")
        ),
        value=float(num_read),
    )


def _enough(labels: npt.NDArray[np.int64]) -> list[Check]:
    """Whether both labels are there, and each often enough."""
    counts = {label: int((labels == each).sum()) for each, label in enumerate(LABELS)}
    told = " and ".join(f"{counts[label]:,} {label}" for label in LABELS)
    least = min(counts.values())
    advice = " A network learns a label from pictures of both: add the other's."
    more = f" Expected at least {MIN_PER_LABEL} of each that are kept; add pictures."
    return [
        Check(
            name="Both labels",
            passed=least > 0,
            sentence=f"It has {told} pictures.{'' if least else advice}",
            value=float(sum(count > 0 for count in counts.values())),
            limit=float(len(LABELS)),
        ),
        Check(
            name="Enough pictures",
            passed=least >= MIN_PER_LABEL,
            sentence=f"The rarer label has {least:,} pictures."
            + ("" if least >= MIN_PER_LABEL else more),
            value=float(least),
            limit=float(MIN_PER_LABEL),
        ),
    ]


def _form_tells_nothing(table: pd.DataFrame) -> Check:
    """Whether a label can be told by compression or size alone."""
    cue = strongest_form_cue(table)
    found = cue.balanced_accuracy
    passed = found.value <= MAX_FORM_CUE
    advice = (
        " A network would learn that instead: save pictures of both labels in the same "
        "way, with the same kind of file, quality and sizes."
    )
    return Check(
        name="File form",
        passed=passed,
        sentence=(
            "Kind of file, size and compression alone tell photographs from "
            f"{cue.fakes} with a balanced accuracy of {_percent(found.value)} "
            f"({_percent(found.low)} to {_percent(found.high)}; chance is "
            f"{_percent(0.5)}, at most {_percent(MAX_FORM_CUE)} may be)."
            + ("" if passed else advice)
        ),
        value=found.value,
        limit=MAX_FORM_CUE,
    )


def _no_conflicts(count: int, total: int) -> Check:
    """Whether few pictures stand there with both labels."""
    share = count / total
    passed = share <= MAX_CONFLICTING
    return Check(
        name="One label a picture",
        passed=passed,
        sentence=(
            f"{count:,} of {total:,} pictures ({_percent(share)}) stand there with "
            f"both labels; at most {_percent(MAX_CONFLICTING)} may, and they are left "
            "out." + ("" if passed else " Decide for each what it is.")
        ),
        value=share,
        limit=MAX_CONFLICTING,
    )


def _no_test_copies(copies: Copies | None) -> Check:
    """Whether few pictures are copies of those that networks are measured on."""
    name = "No test pictures of CIFAKE"
    if copies is None:
        told = (
            "CIFAKE is not on this machine: nobody looked for copies of its pictures."
        )
        return Check(name=name, passed=True, sentence=told)
    share = float(copies.of_test.mean())
    passed = share <= MAX_TEST_COPIES
    return Check(
        name=name,
        passed=passed,
        sentence=(
            f"{int(copies.of_test.sum()):,} of {len(copies.of_test):,} pictures "
            f"({_percent(share)}) are copies of CIFAKE's test pictures, or nearly; at "
            f"most {_percent(MAX_TEST_COPIES)} may be, and they are left out, as are "
            f"{int(copies.train.sum()):,} copies of its training pictures."
            + ("" if passed else " Networks must not learn what they are tested on.")
        ),
        value=share,
        limit=MAX_TEST_COPIES,
    )


def _conflicting(table: pd.DataFrame) -> pd.Series:
    """True where a picture, by its pixels, stands there with both labels."""
    labelled = table["label"].where(table["label"] != UNLABELLED)
    return labelled.groupby(table["pixels"]).transform("nunique") > 1


def _repeats(table: pd.DataFrame) -> pd.Series:
    """True for second copies, by pixels; of a picture that has a label, one stays."""
    order = table.sort_values("label", ascending=False, kind="stable")
    return order.duplicated("pixels").reindex(table.index)


def _sentences(
    table: pd.DataFrame,
    conflicting: pd.Series,
    repeats: pd.Series,
    copies: Copies | None,
) -> dict[str, str]:
    """Why rows are left out, by path; the first reason is given."""
    first = table[~repeats].drop_duplicates("pixels").set_index("pixels")["member"]
    told: dict[str, str] = {}
    for row in table[conflicting].itertuples():
        told[row.member] = "The same picture stands there with both labels."
    for row in table[repeats].itertuples():
        told[row.member] = f"A second copy of {first[row.pixels]}."
    for field, words in _COPIES.items() if copies else ():
        for member in table.loc[getattr(copies, field), "member"]:
            told.setdefault(member, words)
    return told


def _percent(share: float) -> str:
    """A share in percent with one decimal."""
    return f"{share:.1%}".replace("%", PERCENT)
