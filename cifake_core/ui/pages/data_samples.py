"""Samples of the test set: a few pictures of either label, side by side."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import streamlit as st

from cifake_core.basics.errors import CifakeError
from cifake_core.basics.labels import LABELS, OBJECT_CLASSES, Label
from cifake_core.basics.seeds import MAX_SEED
from cifake_core.data.cifake import Split
from cifake_core.data.facts import DataFacts, drawn
from cifake_core.ui.browse import views
from cifake_core.ui.browse.address import from_query
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import components, thumbnails
from cifake_core.ui.widgets.thumbnails import Thumbnail

PAGE: Final = "data"


#: Samples of each label.
_SAMPLES: Final = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """Which samples are shown: of one object class or all, all or almost grey ones.

    `seed` draws them; `faults` are sentences on the address.
    """

    object_class: str | None
    grey: bool
    seed: int
    faults: tuple[str, ...]


def current() -> View:
    """View that the address opens."""
    query = views.query(PAGE)
    selection, faults = from_query(query, networks=("",))
    return View(
        object_class=selection.object_class,
        grey=query.get("grey") == "yes",
        seed=selection.seed,
        faults=faults,
    )


def ask_samples(view: View) -> None:
    """Ask which samples to show."""
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    row.selectbox(
        "Object",
        OBJECT_CLASSES,
        placeholder="any",
        key=views.held(PAGE, "object_class", view.object_class),
        on_change=_put,
        args=("object_class",),
        width=180,
    )
    row.toggle(
        "Almost grey ones only",
        key=views.held(PAGE, "grey", view.grey),
        on_change=_put,
        args=("grey",),
    )
    row.button(
        "Others",
        icon=":material/shuffle:",
        on_click=views.put,
        args=(PAGE,),
        kwargs={"seed": str((view.seed + 1) % (MAX_SEED + 1))},
    )


def _put(name: str) -> None:
    """Write what a widget says into the address."""
    value = st.session_state[f"{PAGE}_{name}"]
    words = {True: "yes", False: None}
    views.put(PAGE, **{name: words[value] if isinstance(value, bool) else value})


def show_samples(facts: DataFacts, view: View) -> None:
    """A few pictures of either label, side by side."""
    path = bench().dataset.path()
    if path is None:
        components.offer_data_set()
        return
    try:
        split = bench().dataset.split_of_facts(path)
    except CifakeError as error:
        st.error(str(error))
        return
    for label in reversed(LABELS):
        st.markdown(f"**{label}**")
        _show_label(facts, view, split, label)


def _show_label(facts: DataFacts, view: View, split: Split, label: Label) -> None:
    """Samples of one label."""
    chosen = split.labels == LABELS.index(label)
    if view.object_class is not None:
        chosen &= split.object_classes == OBJECT_CLASSES.index(view.object_class)
    if view.grey:
        chosen &= facts.near_grey
    positions = drawn(chosen, count=_SAMPLES, seed=view.seed)
    if not positions:
        st.info("There is no such picture.")
    samples = [
        Thumbnail(
            image=np.array(split.images[position]),
            alt=f"A {label} {OBJECT_CLASSES[split.object_classes[position]]}.",
        )
        for position in positions
    ]
    thumbnails.show(*samples)
