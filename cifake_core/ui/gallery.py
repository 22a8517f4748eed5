"""The errors of one network as thumbnails that open in Analyze."""

from typing import Final

import numpy as np
import streamlit as st

from cifake_core import figures
from cifake_core.dataset import OBJECT_CLASSES, Split
from cifake_core.errors import CifakeError
from cifake_core.evaluation import sigmoid
from cifake_core.results import LABELS, Picture
from cifake_core.scores import Scores
from cifake_core.ui import components, services, state, texts

_PER_PAGE: Final = 24


def show_errors(scores: Scores, *, leak_free: bool) -> None:
    """Draw the pictures a network got wrong, the most wrong first."""
    chosen = scores.leak_free if leak_free else np.ones_like(scores.repeats)
    wrong = np.flatnonzero(((scores.logits >= 0) != scores.labels) & chosen)
    order = wrong[np.argsort(-np.abs(scores.logits[wrong]), kind="stable")]
    st.markdown(f"**{len(order):,} errors**, the most confident first")
    path = services.data_path()
    if path is None:
        components.offer_data_set()
        return
    try:
        split = services.test_split(path)
    except CifakeError as error:
        st.error(str(error))
        return
    if not np.array_equal(split.members, scores.members):
        st.warning(
            f"{path.name} is not the test set that was scored, so its pictures are "
            "not shown here."
        )
        return
    page = st.pagination(
        max(1, -(-len(order) // _PER_PAGE)),
        key="test_set_page",
        persist_state="session",
    )
    shown = order[(page - 1) * _PER_PAGE : page * _PER_PAGE]
    row = st.container(horizontal=True)
    for position in shown:
        with row.container(width=components.CELL):
            _show_error(split, scores, int(position))


def _show_error(split: Split, scores: Scores, position: int) -> None:
    """Draw one error with a button that opens it."""
    truth = LABELS[scores.labels[position]]
    said = LABELS[int(scores.logits[position] >= 0)]
    p_real = float(sigmoid(scores.logits[position : position + 1])[0])
    image = np.array(split.images[position])
    kind = OBJECT_CLASSES[scores.object_classes[position]]
    st.image(
        figures.enlarge(image, size=components.SMALL),
        width=components.SMALL,
        alt=f"A {truth} {kind} that was called {said}.",
        output_format="PNG",
    )
    sure = texts.percent(max(p_real, 1 - p_real))
    st.markdown(f"{kind}, is {truth}  \ncalled {said} {sure}")
    if st.button("Open", key=f"test_set_open_{position}", width="stretch"):
        name = f"Test picture {position} ({kind})"
        picture = Picture(pixels=image, format="JPEG")
        state.choose([state.Chosen(name=name, picture=picture, truth=truth)])
        st.switch_page("pages/analyze.py")
