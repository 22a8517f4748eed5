"""Which data sets of one's own there are, and which of them the address opens."""

from collections.abc import Mapping, Sequence
from typing import Final

from cifake_core.data.datasets.records import PARTS, DataSetCard
from cifake_core.ui.browse import views
from cifake_core.ui.browse.address import fault
from cifake_core.ui.widgets import row_table

PAGE: Final = "data_sets"


def opened(cards: Sequence[DataSetCard]) -> tuple[DataSetCard | None, tuple[str, ...]]:
    """Set that the address opens, or the only one; and a sentence on a bad name."""
    by_name = {card.name: card for card in cards}
    only = cards[0] if len(cards) == 1 else None
    name = views.query(PAGE).get("set")
    if name is None or name in by_name:
        return by_name.get(name or "", only), ()
    expected = f"one of: {', '.join(by_name)}" if by_name else "no name: there is none"
    return only, (fault("set", name, expected=expected),)


def show(cards: Sequence[DataSetCard], chosen: DataSetCard | None) -> None:
    """Line for each set; a click on one opens it."""
    names = [card.name for card in cards]
    row_table.show(
        [_row(card) for card in cards],
        chosen=names.index(chosen.name) if chosen else None,
        key=f"{PAGE}_listing",
        on_choose=lambda number: views.put(PAGE, set=names[number]),
    )


def total(counts: Mapping[str, int]) -> int:
    """Pictures of a part."""
    return sum(counts.values())


def _row(card: DataSetCard) -> dict[str, str]:
    """One line of the table."""
    photographs = sum(card.counts[part].get("REAL", 0) for part in PARTS)
    unlabelled = sum(card.counts[part].get("UNLABELLED", 0) for part in PARTS)
    everything = sum(total(card.counts[part]) for part in PARTS)
    return {
        "Name": card.name,
        "Pictures": f"{everything:,}",
        "Photographs": f"{photographs:,}",
        "Fakes": f"{everything - photographs - unlabelled:,}",
        "Not labelled": f"{unlabelled:,}",
        "Generators": ", ".join(card.generators),
        "Left out": f"{len(card.left_out):,}",
    }
