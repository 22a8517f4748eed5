"""On which pictures? The selector that pages share, and the scores on its choice."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import streamlit as st

from cifake_core.data.datasets.records import LEAK_FREE, OFFICIAL
from cifake_core.evaluation.scores import Scores
from cifake_core.evaluation.selection import Selection
from cifake_core.networks import NETWORKS
from cifake_core.ui.browse import view_controls, views
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import slow_work
from cifake_core.workbench.chosen_pictures import ChosenPictures

TITLES: Final = {
    OFFICIAL: "CIFAKE, official test set",
    LEAK_FREE: "CIFAKE, leak-free test set",
}
_HELP: Final = (
    "The official test set holds pictures that also stand in the training set, and "
    "some twice. The leak-free one is without them. Data sets of your own are added on "
    "the page Data sets."
)
#: Filters that have no meaning on other pictures.
_OF_THESE: Final = {"generator": None, "copies": None, "verdict": None}


def title(pictures: str) -> str:
    """Words for pictures, as in `Selection`."""
    return TITLES.get(pictures, f"{pictures}, a data set of yours")


def ask(
    page: str,
    selection: Selection,
    row: st.delta_generator.DeltaGenerator,
    *,
    own_sets: bool = True,
) -> None:
    """Ask on which pictures; what is opened or chosen among the old ones is left.

    Args:
        page: whose address holds the view.
        selection: the view.
        row: where to ask.
        own_sets: offer data sets of one's own, too.
    """
    key = views.held(page, "pictures", selection.pictures)

    def choose() -> None:
        views.change(page, pictures=st.session_state[key], **_OF_THESE)
        views.put(page, picture=None)

    row.selectbox(
        "On which pictures?",
        (*TITLES, *(bench().own_sets.names() if own_sets else ())),
        format_func=title,
        key=key,
        on_change=choose,
        width=280,
        help=_HELP,
    )


def describe(selection: Selection) -> None:
    """Say which parts of a data set of one's own the figures are on."""
    if selection.of_cifake:
        return
    chosen = bench().own_sets.find(selection.pictures)
    parts = "its training and validation parts, as no network in use was taught it"
    if chosen.is_taught:
        parts = "its validation part alone, as a network in use was taught the rest"
    st.caption(
        f"Figures on the data set {chosen.name} are on {parts}. Its test part is "
        "sealed: only the gate looks at it."
    )


def ask_filters(
    page: str,
    chosen: ChosenPictures,
    found: Scores,
    selection: Selection,
    names: Sequence[str],
) -> None:
    """Ask which of the pictures to show, by those fields that are known of them.

    Args:
        page: whose address holds the view.
        chosen: the pictures.
        found: scores on them.
        selection: the view.
        names: of the fields that the page can filter by.
    """
    lacking = set() if chosen.has_copies else {"copies"}
    if not (found.object_classes >= 0).any():
        lacking.add("object_class")
    if "verdict" in names and chosen.decisions() is None:
        lacking.add("verdict")
    made_by = found.generators if found.generators is not None else np.array([""])
    view_controls.ask_filters(
        page,
        selection,
        [name for name in names if name not in lacking],
        generators=[name for name in np.unique(made_by).tolist() if name],
    )


def scores(
    page: str,
    chosen: ChosenPictures,
    networks: Sequence[str],
    *,
    otherwise: Callable[[], object],
    corrupted: bool = False,
) -> list[Scores]:
    """Scores of networks on the chosen pictures, under a bar where they are computed.

    Args:
        page: where they are asked for.
        chosen: the pictures.
        networks: their names.
        otherwise: draws the way to something else where a visitor stops it; then the
            page ends.
        corrupted: have the scores after every corruption, too.

    Raises:
        CifakeError: If there are none.
    """
    found = [compute(page, chosen, name, corrupted=corrupted) for name in networks]
    if any(each is None for each in found):
        otherwise()
        st.stop()
    return [each for each in found if each is not None]


def compute(
    page: str, chosen: ChosenPictures, network: str, *, corrupted: bool
) -> Scores | None:
    """Scores of a network; None while a visitor has stopped it."""
    title = NETWORKS[network].title
    clean = slow_work.run(
        f"{page}_{network}_scores",
        (chosen.name, network),
        f"The {title} looks at the pictures of {chosen.name}",
        lambda tell: chosen.evaluation.scores(network, progress=tell),
    )
    if clean is None or not corrupted:
        return clean
    changed = slow_work.run(
        f"{page}_{network}_corrupted",
        (chosen.name, network),
        f"The {title} looks at them after 20 corruptions",
        lambda tell: chosen.evaluation.corruption_scores(network, progress=tell),
    )
    return None if changed is None else clean
