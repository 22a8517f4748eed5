"""Which colours and textures of superpixels speak for a label."""

from collections.abc import Sequence

import streamlit as st

from cifake_core.attention import summary
from cifake_core.attention.pieces import COLORS, TEXTURES, kind_name
from cifake_core.attention.records import Attention
from cifake_core.attention.summary import Push
from cifake_core.basics.labels import Label
from cifake_core.basics.text import signed
from cifake_core.evaluation.scores import Scores
from cifake_core.evaluation.selection import Selection
from cifake_core.ui.browse.attention_address import evidence, group, mark, part
from cifake_core.ui.pages.attention import squares


def show(found: Attention, scores: Scores, selection: Selection) -> None:
    """Which colours and textures of superpixels speak for the label."""
    label = evidence()
    pushes = summary.piece_pushes(found, group(found, scores, selection), label)
    filters = mark(selection)
    width = len(TEXTURES)
    squares.show(
        "pieces",
        [
            [
                squares.of_push(pushes[kind], f"{filters}kind-{kind}", "{:,} pieces")
                for kind in range(color * width, (color + 1) * width)
            ]
            for color in range(len(COLORS))
        ],
        rows=COLORS,
        columns=TEXTURES,
        chosen=mark(selection, part()),
        alt=f"How far superpixels speak for {label}, by colour and texture",
    )
    low, high = (float(each) for each in found.edges)
    st.markdown(
        f"{_strongest(pushes, label)} Smooth means a standard deviation of brightness "
        f"below {low:.1f} of 255, rough from {high:.1f} on: thirds of all pieces."
    )
    st.markdown(
        f"**An honest reading:** a square is by how much the score of {label} falls, "
        "on average, when one such piece is painted in its own mean colour. So it is "
        "the worth of the texture in pieces of that colour; what the colour itself is "
        "worth, this does not tell."
    )


def _strongest(pushes: Sequence[Push], label: Label) -> str:
    """Which kinds of pieces speak most for the label and against it, if any do."""
    means = {
        kind: push.mean for kind, push in enumerate(pushes) if push.mean is not None
    }
    most = max(means, key=lambda kind: means[kind].low, default=None)
    least = min(means, key=lambda kind: means[kind].high, default=None)
    words = []
    if most is not None and means[most].low > 0:
        amount = signed(means[most].value)
        words.append(f"most for {label}: **{kind_name(most)}** pieces, {amount}")
    if least is not None and means[least].high < 0:
        amount = signed(means[least].value)
        words.append(f"most against it: **{kind_name(least)}** pieces, {amount}")
    if not words:
        return f"No kind of piece speaks clearly for {label} or against it."
    return f"What speaks {'; '.join(words)}."
