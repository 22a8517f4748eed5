"""One data set: its pictures by part and generator, checks, what was left out."""

import csv
import io
from itertools import islice
from typing import Final

import streamlit as st

from cifake_core.basics.arrays import SIDE
from cifake_core.basics.text import enumerated
from cifake_core.data.datasets.records import PARTS, DataSetCard, Part
from cifake_core.ui.pages.datasets import checks
from cifake_core.ui.pages.datasets.listing import PAGE, total
from cifake_core.ui.services import administered
from cifake_core.ui.widgets import components, guards, slow_work, thumbnails
from cifake_core.ui.widgets.texts import plain, table
from cifake_core.ui.widgets.thumbnails import Thumbnail

_HEADS: Final[dict[Part, str]] = {
    "training": "Training",
    "validation": "Validation",
    "test": "Test (sealed)",
}
_KINDS: Final = {"REAL": "Photographs", "UNLABELLED": "Not labelled yet"}
_SIZE: Final = f"{SIDE}x{SIDE}"
_FORM: Final = "Networks are shown them as CIFAKE's pictures were saved."
#: Sizes that are named, and examples of each generator.
_FEW_SIZES: Final = 4
_EXAMPLES: Final = 8


def show(card: DataSetCard) -> None:
    """Everything that is known of a set."""
    st.header(card.name, divider="gray")
    st.markdown(
        f"From {plain(card.source)}, added on {card.added[:10]}. {_sizes(card)}"
    )
    _show_counts(card)
    st.page_link(
        "pages/test_set.py",
        label="How the networks do on it",
        icon=":material/query_stats:",
        query_params={"pictures": card.name},
    )
    st.subheader("What was checked")
    checks.show(card.checks)
    st.subheader("What was left out")
    _show_left_out(card)
    st.subheader("Some of its pictures")
    with guards.told():
        _show_examples(card)


def _sizes(card: DataSetCard) -> str:
    """Sentence on the sizes in which the pictures came."""
    if list(card.sizes) == [_SIZE]:
        return f"All came with {_SIZE} pixels. {_FORM}"
    shown = [
        f"{count:,} of {size}" for size, count in islice(card.sizes.items(), _FEW_SIZES)
    ]
    if len(card.sizes) > _FEW_SIZES:
        shown.append(f"others of {len(card.sizes) - _FEW_SIZES:,} more sizes")
    return (
        f"They came as {enumerated(shown)} pixels, and are cropped to their middle and "
        f"brought to {_SIZE}. {_FORM}"
    )


def _show_counts(card: DataSetCard) -> None:
    """Pictures by generator and part."""
    kinds = ["REAL", *card.generators]
    if any("UNLABELLED" in card.counts[part] for part in PARTS):
        kinds.append("UNLABELLED")
    rows = [
        {"Pictures": plain(_KINDS.get(kind, f"Fakes of {kind}"))}
        | {_HEADS[part]: f"{card.counts[part].get(kind, 0):,}" for part in PARTS}
        | {"All": f"{sum(card.counts[part].get(kind, 0) for part in PARTS):,}"}
        for kind in kinds
    ]
    sums = {_HEADS[part]: f"{total(card.counts[part]):,}" for part in PARTS}
    everything = sum(total(card.counts[part]) for part in PARTS)
    rows.append({"Pictures": "All", **sums, "All": f"{everything:,}"})
    st.markdown(table(rows))


def _show_left_out(card: DataSetCard) -> None:
    """Files that are not used, with the reason, and as a CSV file."""
    if not card.left_out:
        st.markdown("Nothing: every file is used.")
        return
    rows = [{"File": file, "Why": why} for file, why in card.left_out.items()]
    st.markdown(f"{len(rows):,} files.")
    components.show_on_request(
        "Which, and why",
        lambda: st.dataframe(
            rows,
            hide_index=True,
            alt=f"Files of {card.name} that are left out, each with the reason.",
        ),
        key=f"{PAGE}_left_out_{card.name}",
    )
    st.download_button(
        "Download as CSV",
        lambda: left_out_csv(rows),
        file_name=f"{card.name}-left-out.csv",
        mime="text/csv",
        key=f"{PAGE}_left_out_csv",
        icon=":material/download:",
        on_click="ignore",
    )


def left_out_csv(rows: list[dict[str, str]]) -> str:
    """Files that are left out, with the reasons, as a CSV file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _show_examples(card: DataSetCard) -> None:
    """A few training pictures of each generator; the sealed part is not shown."""
    found = slow_work.run(
        f"{PAGE}_examples",
        card.digest,
        f"Reading the pictures of {card.name}",
        lambda tell: administered.datasets().examples(
            card.name, count=_EXAMPLES, progress=tell
        ),
    )
    if found is None:
        return
    st.caption("From the training part, as the networks see them.")
    for kind, pictures in found.items():
        title = _KINDS.get(kind, f"Fakes of {kind}")
        st.markdown(f"**{plain(title)}**")
        what = "Photograph" if kind == "REAL" else f"Fake of {kind}"
        thumbnails.show(
            *(
                Thumbnail(image=image, alt=f"{what}: {file}.")
                for file, image in pictures
            )
        )
