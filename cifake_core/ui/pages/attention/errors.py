"""Where maps and errors meet: by the place of the evidence, and by how it lies."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import streamlit as st

from cifake_core.attention import summary
from cifake_core.attention.records import Attention
from cifake_core.attention.summary import Lie, Wrong
from cifake_core.evaluation.scores import Scores
from cifake_core.evaluation.selection import Selection
from cifake_core.figures import Square
from cifake_core.networks import NETWORKS
from cifake_core.ui.browse.attention_address import (
    PAGE,
    choose,
    current,
    group,
    mark,
    part,
)
from cifake_core.ui.pages.attention import squares
from cifake_core.ui.widgets import row_table
from cifake_core.ui.widgets.texts import interval

_LIES: Final[Mapping[Lie, str]] = {
    "focus": "Which share of the evidence its strongest quarter of places holds",
    "on_salient": "How much denser the evidence lies on what stands out than elsewhere",
}
_THIRDS: Final = ("least", "middling", "most")
_ROWS: Final = ("top", "upper", "lower", "bottom")
_COLUMNS: Final = ("far left", "left", "right", "far right")


def show(found: Attention, scores: Scores, selection: Selection) -> None:
    """Where maps and errors meet: by the place of the evidence, and how it lies."""
    view = replace(selection, right=None, called=None)
    chosen = group(found, scores, view)
    right = scores.right[found.positions]
    num_wrong = int((~right & chosen).sum())
    st.markdown(
        f"The {NETWORKS[found.network].title} is wrong on **{num_wrong:,} of "
        f"{int(chosen.sum()):,}** of these pictures. The squares are regions of the "
        "picture, by where the evidence for what it called is strongest."
    )
    filters, side = mark(view), summary.NUM_REGIONS
    wrong = summary.wrong_by_region(found, right, chosen)
    squares.show(
        "regions",
        [
            [
                _square(wrong[region], f"{filters}region-{region}")
                for region in range(row * side, (row + 1) * side)
            ]
            for row in range(side)
        ],
        rows=_ROWS,
        columns=_COLUMNS,
        chosen=mark(selection, part()),
        alt="Share of errors by the region with the strongest evidence",
    )
    for lie, title in _LIES.items():
        st.markdown(f"**{title}**")
        by_third = summary.wrong_by_third(found, right, chosen, lie)
        _show_thirds(by_third, lie, [f"{filters}{lie}-{third}" for third in by_third])
    st.markdown(
        "**An honest reading:** errors are few, so compare the intervals and not the "
        "figures. A place where errors are frequent need not be their cause: a hard "
        "kind of picture may have its evidence there."
    )


def _square(wrong: Wrong, mark: str) -> Square:
    """Share of errors among the pictures of a region, its interval, and counts."""
    if not wrong.n:
        return Square(words="none", mark=mark, amount=None)
    share = wrong.share
    words = (
        f"<b>{share.value:.1%}</b><br>{share.low:.1%} to {share.high:.1%}<br>"
        f"{wrong.errors:,} of {wrong.n:,}"
    )
    # purple: an error is nothing that speaks for anything
    return Square(words=words, mark=mark, amount=-share.value)


def _show_thirds(by_third: Mapping[int, Wrong], lie: str, marks: Sequence[str]) -> None:
    """Errors by thirds of a figure; a row chooses its pictures."""
    if not by_third:
        st.caption("None of these pictures has such a figure.")
        return
    form = "{:.0%} to {:.0%}" if lie == "focus" else "{:.2f} to {:.2f} times"
    selection, _ = current()
    chosen = mark(selection, part())
    row_table.show(
        [
            {
                "Third": _THIRDS[third],
                "Of which": form.format(wrong.low, wrong.high),
                "Pictures": f"{wrong.n:,}",
                "Errors": f"{wrong.errors:,}",
                "Share": interval(wrong.share),
            }
            for third, wrong in by_third.items()
        ],
        chosen=marks.index(chosen) if chosen in marks else None,
        key=f"{PAGE}_{lie}",
        on_choose=lambda number: choose(marks[number]),
    )
