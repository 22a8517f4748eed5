"""The pictures that a visitor is labelling: asked, answered, taken back."""

from dataclasses import dataclass, replace
from typing import Final

import streamlit as st

from cifake_core.basics.labels import LABELS, Label
from cifake_core.data.datasets.records import UNLABELLED
from cifake_core.retraining.active_learning import Strategy
from cifake_core.ui.services import administered, caller
from cifake_core.workbench.labelling import Asked

_BATCH: Final = "teach_label_batch"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Batch:
    """Pictures of a data set to be labelled, and what was said of the first of them.

    An answer is a label, or None where a visitor can't tell.
    """

    name: str
    strategy: Strategy
    asked: tuple[Asked, ...]
    answers: tuple[Label | None, ...] = ()

    @property
    def next(self) -> Asked | None:
        """The picture in question, or None once all were answered."""
        number = len(self.answers)
        return self.asked[number] if number < len(self.asked) else None


def latest() -> Batch | None:
    """Batch that was begun last, of whichever data set."""
    batch: Batch | None = st.session_state.get(_BATCH)
    return batch


def current(name: str, strategy: Strategy) -> Batch | None:
    """Batch of this data set that was begun, chosen in this way."""
    batch = latest()
    if batch is None or (batch.name, batch.strategy) != (name, strategy):
        return None
    return batch


def begin(name: str, strategy: Strategy, asked: tuple[Asked, ...]) -> Batch:
    """Begin with these pictures."""
    batch = Batch(name=name, strategy=strategy, asked=asked)
    st.session_state[_BATCH] = batch
    return batch


def end() -> None:
    """Forget the batch, so that the next one is asked for; the labels stay."""
    st.session_state.pop(_BATCH, None)


def answer(batch: Batch, label: Label | None) -> None:
    """Label the picture in question; it is kept at once.

    Raises:
        CifakeError: If the label cannot be kept.
    """
    picture = batch.next
    if picture is None:
        return
    if label is None:
        administered.labelling().skip(batch.name, picture.sha256)
    else:
        _keep(batch, picture, LABELS.index(label))
    st.session_state[_BATCH] = replace(batch, answers=(*batch.answers, label))


def undo(batch: Batch) -> None:
    """Take the last answer back, and the label with it.

    Raises:
        CifakeError: If it cannot be taken back.
    """
    *before, _ = batch.answers
    _keep(batch, batch.asked[len(before)], UNLABELLED)
    st.session_state[_BATCH] = replace(batch, answers=tuple(before))


def _keep(batch: Batch, picture: Asked, label: int) -> None:
    """Keep a label, or that there is none any more."""
    sets = administered.labelling()
    sets.label(batch.name, picture.sha256, label, by=caller.current())
