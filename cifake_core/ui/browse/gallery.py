"""The chosen pictures as thumbnails, page by page."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
import streamlit as st

from cifake_core.basics.errors import CifakeError
from cifake_core.basics.estimates import sigmoid
from cifake_core.basics.labels import LABELS, OBJECT_CLASSES, Label
from cifake_core.basics.seeds import MAX_SEED
from cifake_core.data.labelled_pictures import PictureFiles
from cifake_core.evaluation import robustness
from cifake_core.evaluation.operating_points import EVEN
from cifake_core.evaluation.scores import Scores
from cifake_core.evaluation.selection import (
    ORDERS,
    Order,
    Page,
    Selection,
    page_of,
    selection_csv,
)
from cifake_core.networks import NETWORKS
from cifake_core.pictures.corruptions import Corruption
from cifake_core.ui.browse import views
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import components, scope_lines, slow_work, texts, thumbnails
from cifake_core.ui.widgets.thumbnails import Cell, Thumbnail
from cifake_core.verdicts.scope_words import knows
from cifake_core.workbench.chosen_pictures import ChosenPictures

_ORDERS: Final[dict[Order, str]] = {
    "most_wrong": "Most wrong first",
    "least_sure": "Least sure first",
    "random": "Random",
    "class": "By object class",
}
#: How a wrong and a right call begin.
_MARKS: Final = ("✗", "✓")


def show(  # noqa: PLR0913 - pictures, and what is said of them
    page: str,
    scores: Scores,
    positions: npt.NDArray[np.int64],
    selection: Selection,
    *,
    other: Scores | None = None,
    corruption: Corruption | None = None,
) -> None:
    """Pictures at `positions`, with order, paging and a download.

    Args:
        page: whose address holds the view.
        scores: of the network whose calls stand below the pictures.
        positions: (K,) the chosen pictures, in their order.
        selection: the view.
        other: of a second one, on the same pictures.
        corruption: what was done to the pictures of `other`, which is then the same
            network; they are shown beside those of `scores`.
    """
    further: dict[str, object] = {}
    if corruption is not None and other is not None:
        p_real = sigmoid(other.logits[positions]).round(6)
        further = {"corruption": corruption.name, "p_real_corrupted": p_real}
    _ask_order(page, scores, positions, selection, further)
    pictures = scored_pictures(bench().on(selection.pictures), scores)
    if pictures is None:
        return
    if not positions.size:
        st.info("No picture is like this. Clear a filter or click another mark.")
        return
    both = [each for each in (scores, other) if each is not None]
    scope_lines.show_networks(each.network for each in both)
    draw = partial(_thumbnail, pictures, both, threshold=selection.threshold)
    if corruption is not None:
        draw = partial(_pair, pictures, both, corruption=corruption)
    _show_page(page, page_of(positions, selection.page), draw)


def _show_page(page: str, part: Page, draw: Callable[[int], Cell]) -> None:
    """One page of the gallery, with the ways to the others."""
    if part.num_pages > 1:
        _ask_page(page, part.number, part.num_pages)
    st.caption("A click on a picture opens it, large and with its maps.")
    thumbnails.show_grid(
        [draw(position) for position in part.positions.tolist()],
        key=f"{page}_gallery",
        on_open=lambda position: views.put(page, picture=str(position)),
    )


def scored_pictures(chosen: ChosenPictures, scores: Scores) -> PictureFiles | None:
    """Pictures that were scored, or say why there are none to show."""
    try:
        with slow_work.waiting("Reading the pictures…", height=320):
            found = chosen.pictures()
    except CifakeError as error:
        st.error(str(error))
        return None
    if found is None:
        components.offer_data_set()
        return None
    if not np.array_equal(found.members, scores.members):
        st.warning(
            "The CIFAKE on this machine is not the test set that was scored, so its "
            "pictures are not shown here."
        )
        return None
    return found


def noun(scores: Scores, position: int) -> str:
    """What a picture shows, and whose it is if that is told apart: "cat by gan"."""
    number = scores.object_classes[position]
    kind = OBJECT_CLASSES[number] if number >= 0 else "picture"
    maker = "" if scores.generators is None else scores.generators[position]
    return f"{kind} by {maker}" if maker else kind


def _ask_order(
    page: str,
    scores: Scores,
    positions: npt.NDArray[np.int64],
    selection: Selection,
    further: Mapping[str, object],
) -> None:
    """Say how many pictures there are; ask for their order; offer them as CSV."""
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    word = "picture" if len(positions) == 1 else "pictures"
    row.metric("In the gallery", f"{len(positions):,} {word}", width="content")
    row.selectbox(
        "Order",
        ORDERS,
        format_func=lambda name: _ORDERS[name],
        key=views.held(page, "order", selection.order),
        on_change=views.moved(page, "order"),
        width=220,
    )
    if selection.order == "random":
        with row:
            _ask_seed(page, selection.seed)
    row.download_button(
        "Download as CSV",
        lambda: selection_csv(
            scores,
            positions,
            threshold=selection.threshold,
            knows=knows(bench().scope.known(scores.network)),
            further=further,
        ),
        file_name=f"{page}-{selection.pictures}-{scores.network}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        disabled=not positions.size,
    )


def _ask_seed(page: str, seed: int) -> None:
    """The seed of a random order."""
    st.number_input(
        "Seed",
        min_value=0,
        max_value=MAX_SEED,
        step=1,
        key=views.held(page, "seed", seed),
        on_change=views.moved(page, "seed"),
        width=160,
        help="The same seed gives the same order again.",
    )


def _ask_page(page: str, number: int, num_pages: int) -> None:
    """Ask which page of the gallery to show; the arrow keys turn it."""
    row = st.container(horizontal=True, vertical_alignment="bottom")
    row.button(
        "Previous",
        shortcut="Left",
        key=f"{page}_back",
        disabled=number == 1,
        on_click=_turn,
        args=(page, number - 1),
    )
    row.number_input(
        f"Page, of {num_pages:,}",
        min_value=1,
        max_value=num_pages,
        key=views.held(page, "page", number),
        on_change=lambda: _turn(page, st.session_state[f"{page}_page"]),
        width=160,
    )
    row.button(
        "Next",
        shortcut="Right",
        key=f"{page}_on",
        disabled=number == num_pages,
        on_click=_turn,
        args=(page, number + 1),
    )


def _turn(page: str, number: int) -> None:
    """Show another page of the gallery."""
    views.change(page, page=number)


def _thumbnail(
    pictures: PictureFiles,
    asked: Sequence[Scores],
    position: int,
    *,
    threshold: float,
) -> Cell:
    """One picture with its truth and what one or two networks say."""
    truth = LABELS[asked[0].labels[position]]
    kind = noun(asked[0], position)
    calls = [_call(scores, threshold, position) for scores in asked]
    lines = [f"{kind}, is {truth}"]
    for scores, (called, p_real) in zip(asked, calls, strict=True):
        title = NETWORKS[scores.network].title
        said = f"{title}: {called}" if len(asked) > 1 else f"P(REAL) {p_real}"
        lines.append(f"{_MARKS[called == truth]} {said}")
    alt = f"A {truth} {kind} that was called {calls[0][0]}."
    image = np.array(pictures.images[position])
    return Cell(
        number=position, pictures=[Thumbnail(image=image, alt=alt, lines=lines)]
    )


def _pair(
    pictures: PictureFiles,
    asked: Sequence[Scores],
    position: int,
    *,
    corruption: Corruption,
) -> Cell:
    """One picture as it is and corrupted, with what a network says of either."""
    truth = LABELS[asked[0].labels[position]]
    kind = noun(asked[0], position)
    images = {
        "as it is": np.array(pictures.images[position]),
        "corrupted": robustness.corrupted(pictures, position, corruption),
    }
    pair = []
    for (words, image), scores in zip(images.items(), asked, strict=True):
        called, p_real = _call(scores, EVEN, position)
        lines = (words, f"{_MARKS[called == truth]} {called}", f"P(REAL) {p_real}")
        alt = f"A {truth} {kind}, {words}, that was called {called}."
        pair.append(Thumbnail(image=image, alt=alt, lines=lines))
    return Cell(number=position, pictures=pair, line=f"{kind}, is {truth}")


def _call(scores: Scores, threshold: float, position: int) -> tuple[Label, str]:
    """Network's call of one picture, and its probability of REAL."""
    p_real = float(sigmoid(scores.logits[position : position + 1])[0])
    return LABELS[int(p_real >= threshold)], texts.percent(p_real)
