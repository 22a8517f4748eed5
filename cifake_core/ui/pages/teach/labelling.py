"""What to label next: the pictures that teach most, answered by keyboard."""

from typing import Final

import streamlit as st

from cifake_core import figures
from cifake_core.basics.labels import LABELS, Label
from cifake_core.retraining.active_learning import STRATEGIES, Criterion, Strategy
from cifake_core.ui.browse.teach_address import PAGE
from cifake_core.ui.pages.teach import acting, label_batch
from cifake_core.ui.pages.teach.label_batch import Batch
from cifake_core.ui.pages.teach.lesson import DATA_SETS_PAGE
from cifake_core.ui.services import administered
from cifake_core.ui.widgets import slow_work, thumbnails
from cifake_core.ui.widgets.thumbnails import Thumbnail
from cifake_core.ui.widgets.verdict_view import COLORS
from cifake_core.workbench.labelling import Asked

#: Width on the screen of the picture in question.
_PICTURE: Final = 448
_STRATEGIES: Final[dict[Strategy, str]] = {
    "mix": "All three",
    "disagreement": "Networks disagree",
    "distance": "Far from what they know",
    "uncertainty": "Least sure",
}
_KEYS: Final[dict[Label, str]] = {"FAKE": "1", "REAL": "2"}
_WORDS: Final[dict[Label, str]] = {"FAKE": "generated", "REAL": "a photograph"}


def show() -> None:
    """Which set, which pictures, and the one in question."""
    counts = administered.labelling().counts()
    open_sets = [name for name, count in counts.items() if count]
    batch = label_batch.latest()
    if batch is not None and batch.name in counts and batch.name not in open_sets:
        open_sets.append(batch.name)  # its last picture was just labelled
    if not open_sets:
        st.info(
            "No data set of yours has pictures without a label. Put some into a "
            "folder UNLABELLED/ beside REAL/ and FAKE/, and add the set.",
            icon=":material/label:",
        )
        st.page_link(DATA_SETS_PAGE, label="Data sets", icon=":material/folder_open:")
        return
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    name = row.selectbox(
        "Data set",
        open_sets,
        format_func=lambda each: f"{each}: {counts[each]:,} without a label",
        key=f"{PAGE}_label_set",
        persist_state="session",
        width=360,
    )
    strategy = row.segmented_control(
        "Ask about those",
        STRATEGIES,
        required=True,
        default="mix",
        format_func=_STRATEGIES.__getitem__,
        key=f"{PAGE}_label_strategy",
        persist_state="session",
    )
    batch = label_batch.current(name, strategy) or _begin(name, strategy)
    if batch is None:
        return
    if batch.next is None:
        _show_end(batch, left=counts[name])
    else:
        _show_question(batch, batch.next)
    _show_answered(batch)


def _begin(name: str, strategy: Strategy) -> Batch | None:
    """Batch of pictures that the networks choose; None while that is stopped."""
    asked = slow_work.run(
        f"{PAGE}_label",
        (name, strategy),
        "The networks look at the pictures without a label…",
        lambda tell: administered.labelling().ask(
            name, strategy=strategy, progress=tell
        ),
    )
    return None if asked is None else label_batch.begin(name, strategy, asked)


def _show_question(batch: Batch, asked: Asked) -> None:
    """The picture in question, why it is asked about, and the answers."""
    number, total = len(batch.answers) + 1, len(batch.asked)
    left, right = st.columns([1, 1], gap="large")
    left.image(
        figures.enlarge(asked.image, size=_PICTURE),
        width=_PICTURE,
        alt=f"Picture {number} of {total}, enlarged.",
        output_format="PNG",
    )
    right.subheader(f"Picture {number} of {total}")
    right.markdown(f"{_reason(asked)} **What is it?**")
    for label in LABELS:
        right.button(
            f":{COLORS[label]}[**{label}**], {_WORDS[label]}",
            key=f"{PAGE}_label_{label}",
            shortcut=_KEYS[label],
            on_click=lambda label=label: acting.act(
                lambda: label_batch.answer(batch, label)
            ),
            width="stretch",
        )
    right.button(
        "I can't tell",
        key=f"{PAGE}_label_skip",
        shortcut="3",
        on_click=lambda: acting.act(lambda: label_batch.answer(batch, None)),
        width="stretch",
    )
    _offer_undo(right, batch)
    right.caption(
        "Each answer is kept at once. What the networks think of it is not shown, so "
        "that it does not sway you."
    )


def _offer_undo(place: st.delta_generator.DeltaGenerator, batch: Batch) -> None:
    """Button that takes the last answer back."""
    place.button(
        "Undo the last answer",
        key=f"{PAGE}_label_undo",
        shortcut="Backspace",
        icon=":material/undo:",
        disabled=not batch.answers,
        on_click=lambda: acting.act(lambda: label_batch.undo(batch)),
        width="stretch",
    )


def _show_end(batch: Batch, *, left: int) -> None:
    """What was labelled, and the way on."""
    if not batch.asked:
        st.info("All that is left are copies of pictures that were labelled.")
        return
    counts = {label: batch.answers.count(label) for label in (*LABELS, None)}
    st.success(
        f"All {len(batch.asked)} answered: {counts['FAKE']} FAKE, {counts['REAL']} "
        f"REAL, {counts[None]} left open. {left:,} pictures are without a label.",
        icon=":material/check:",
    )
    row = st.container(horizontal=True)
    row.button(
        "Next pictures",
        key=f"{PAGE}_label_next",
        shortcut="Right",
        type="primary",
        disabled=not left,
        on_click=label_batch.end,
    )
    _offer_undo(row, batch)


def _show_answered(batch: Batch) -> None:
    """Small pictures of this batch that were answered, with their labels."""
    if not batch.answers:
        return
    st.markdown("**Answered**")
    thumbnails.show(
        *(
            Thumbnail(
                image=asked.image,
                alt=f"Picture {number}, labelled: {label or 'left open'}.",
                lines=(label or "left open",),
            )
            for number, (asked, label) in enumerate(
                zip(batch.asked, batch.answers, strict=False), start=1
            )
        ),
        size=64,
    )


def _reason(asked: Asked) -> str:
    """Why a picture is asked about."""
    value = asked.query.values[asked.query.criterion]
    reasons: dict[Criterion, str] = {
        "disagreement": f"The networks disagree on it: divergence {value:.2f}, where "
        "0.69 is the most.",
        "distance": f"It lies far from what the networks learnt from: distance "
        f"{value:.1f}, where 1 is usual.",
        "uncertainty": f"The networks are unsure of it: together {1 - value:.0%}, "
        "where 50 % is a guess.",
    }
    return reasons[asked.query.criterion]
