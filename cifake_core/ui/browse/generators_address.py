"""Address of the page *Generators*: its part, a generator, a cell, a picture."""

from dataclasses import dataclass
from typing import Final

import streamlit as st

from cifake_core.figures.generators import MEASURES, Measure
from cifake_core.generators.catalogue import GENERATORS
from cifake_core.ui.browse import views
from cifake_core.ui.browse.address import fault
from cifake_core.ui.services import generated
from cifake_core.workbench.generators import titles

PAGE: Final = "generators"
#: Parts of the page; only the one that is open is drawn.
PARTS: Final = {
    "gallery": "Gallery",
    "found": "What is found",
    "study": "Learnt and tested",
    "difference": "What is different",
}
MEASURE_TITLES: Final[dict[Measure, str]] = {
    "recall": "Share found",
    "roc_auc": "Area under the ROC curve",
}
#: In an address: no family was left out.
NOTHING: Final = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """What the page shows; None where the address leaves it to the page.

    `left_out` is a family of the study, "" for none; `picture` names the generator
    and the number of the picture that is open.
    """

    part: str
    generator: str | None
    left_out: str | None
    measure: Measure
    picture: tuple[str, int] | None


def ask_measure(view: View) -> None:
    """Ask which figure to show of what is found."""
    st.segmented_control(
        "Figure",
        MEASURES,
        required=True,
        format_func=MEASURE_TITLES.__getitem__,
        key=views.held(PAGE, "measure", view.measure),
        on_change=lambda: views.put(PAGE, measure=st.session_state[f"{PAGE}_measure"]),
    )


def current() -> tuple[View, tuple[str, ...]]:
    """Page's view, and a sentence for each bad value in the address."""
    query = views.query(PAGE)
    if query:
        views.remember(PAGE)
    families = dict.fromkeys(each.family for each in GENERATORS.values())
    options: dict[str, tuple[str, ...]] = {
        "part": tuple(PARTS),
        "generator": tuple(titles()),
        "left_out": (*families, NOTHING),
        "measure": MEASURES,
    }
    faults = [
        fault(name, query[name], expected=f"one of: {', '.join(known)}")
        for name, known in options.items()
        if query.get(name, known[0]) not in known
    ]
    found = {n: query[n] for n, known in options.items() if query.get(n) in known}
    text = query.get("picture")
    picture = generated.parts(text) if text else None
    if text and picture is None:
        expected = "a generator of ours and the number of a picture, as flow:7"
        faults.append(fault("picture", text, expected=expected))
    left_out = found.get("left_out")
    measures: dict[str | None, Measure] = {each: each for each in MEASURES}
    view = View(
        part=found.get("part", "gallery"),
        generator=found.get("generator"),
        left_out="" if left_out == NOTHING else left_out,
        measure=measures.get(found.get("measure"), MEASURES[0]),
        picture=picture,
    )
    return view, tuple(faults)
