"""The map of the test set by one network's features, and a picture's place on it."""

from typing import Final

import numpy as np
import numpy.typing as npt
import streamlit as st

from cifake_core import figures
from cifake_core.basics.arrays import Floats
from cifake_core.basics.labels import LABELS, OBJECT_CLASSES
from cifake_core.evaluation import embedding_map, regions
from cifake_core.evaluation.embedding_map import (
    LAYOUTS,
    EmbeddingMap,
)
from cifake_core.evaluation.scores import Scores
from cifake_core.evaluation.selection import Selection, matching
from cifake_core.networks import NETWORKS
from cifake_core.ui.browse import chosen_pictures, views
from cifake_core.ui.browse.map_address import (
    COLORS,
    LAYOUT_TITLES,
    PAGE,
    choose,
    color,
    layout,
    networks,
    region,
)
from cifake_core.ui.services import visit
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import slow_work
from cifake_core.ui.widgets.computing import show_chart
from cifake_core.ui.widgets.neighbours import Placed, placed

_TOOLS: Final = {"lasso": "Lasso", "select": "Box"}


def ask_view(selection: Selection) -> None:
    """Ask for the network, the set, the map, its colours and the tool to draw with."""
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    row.selectbox(
        "Network",
        networks(),
        format_func=lambda name: NETWORKS[name].title,
        key=views.held(PAGE, "network", selection.network),
        on_change=_set_network,
        width=280,
    )
    chosen_pictures.ask(PAGE, selection, row, own_sets=False)
    row.segmented_control(
        "Map",
        LAYOUTS,
        required=True,
        format_func=LAYOUT_TITLES.__getitem__,
        key=views.held(PAGE, "layout", layout()),
        on_change=lambda: choose(
            layout=st.session_state[f"{PAGE}_layout"], region=None
        ),
    )
    row.segmented_control(
        "Colour",
        tuple(COLORS),
        required=True,
        format_func=COLORS.__getitem__,
        key=views.held(PAGE, "color", color()),
        on_change=lambda: views.put(PAGE, color=st.session_state[f"{PAGE}_color"]),
    )


def _set_network() -> None:
    """Show another network's map; a region of the last one means nothing there."""
    views.change(PAGE, network=st.session_state[f"{PAGE}_network"])
    views.put(PAGE, region=None)


def own_picture(found: EmbeddingMap) -> Placed | None:
    """Picture that is open in *Analyze*, or None before there is any."""
    chosen = visit.current()
    if chosen is None:
        return None
    picture = bench().prepare(chosen.picture.pixels)
    with slow_work.waiting("The network looks at the picture…", height=480):
        features = bench().features(picture, network=found.network)
    return placed(found, found.coordinates(features), name=chosen.name)


def show_map(
    found: EmbeddingMap, scores: Scores, selection: Selection, picture: Placed | None
) -> None:
    """Map; what is drawn around, or the picture clicked on, is shown below."""
    tool = _ask_tool()
    drawn = matching(scores, selection)
    groups = _groups(scores, drawn)
    places = found.test_places(layout())
    # a new chart for each region: the browser would keep the old outline
    key = f"{PAGE}_chart_{layout()}_{regions.to_text(region())}"
    figure = figures.map_figure(
        places,
        groups,
        scores=scores.logits if color() == "score" else None,
        region=region(),
        pin=None if picture is None else _pin(found, picture),
    )
    counts = ", ".join(f"{name} {len(each):,}" for name, each in groups.items())
    show_chart(
        "map_figure",
        figure.update_layout(dragmode=tool),
        key=key,
        on_select=lambda: take(key, places, drawn),
        selection_mode=("points", "box", "lasso"),
        alt=f"{LAYOUT_TITLES[layout()]} map of {len(drawn):,} test pictures as the "
        f"{NETWORKS[found.network].title} sees them, by {COLORS[color()].lower()}: "
        f"{counts}.",
        # by default twice as fine, which takes long without a graphics card
        config={"plotGlPixelRatio": 1},
    )
    meaning = {
        "umap": "UMAP keeps neighbours together; how large a group is and how far it "
        "lies from the next means little.",
        "pca": "PCA shows the two directions in which the features differ most.",
    }
    st.caption(
        "Pictures that the network takes for alike lie close together. "
        f"{meaning[layout()]} Weights `{found.model_sha256[:8]}`."
    )


def _ask_tool() -> str:
    """Ask what to draw with, and offer to let the region go."""
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    tool = row.segmented_control(
        "Draw around points with",
        tuple(_TOOLS),
        default="lasso",
        required=True,
        format_func=_TOOLS.__getitem__,
        key=f"{PAGE}_tool",
        persist_state="session",
    )
    row.button(
        "Show all again",
        key=f"{PAGE}_all",
        icon=":material/deselect:",
        disabled=not region(),
        on_click=choose,
        kwargs={"region": None},
    )
    row.caption("Points you draw around are the pictures below; a click opens one.")
    return tool


def _groups(
    scores: Scores, drawn: npt.NDArray[np.int64]
) -> dict[str, npt.NDArray[np.int64]]:
    """Pictures to draw, by what they are coloured by."""
    real = scores.logits >= 0
    wrong = real != (scores.labels == 1)
    names, numbers = {
        "label": (LABELS, scores.labels),
        "class": (OBJECT_CLASSES, scores.object_classes),
        "answer": (("right", "wrong"), wrong),
        "score": (LABELS, real),
    }[color()]
    return {name: drawn[numbers[drawn] == number] for number, name in enumerate(names)}


def take(key: str, places: Floats, drawn: npt.NDArray[np.int64]) -> None:
    """Show the pictures in what was drawn, or open the one that was clicked."""
    event = st.session_state[key]["selection"]
    for shape in (*event.get("lasso", ()), *event.get("box", ())):
        choose(
            region=regions.to_text(regions.drawn(shape["x"], shape["y"])) or None,
            picture=None,
        )
        return
    if len(event["points"]) == 1 and len(drawn):
        here = np.array([event["points"][0]["x"], event["points"][0]["y"]])
        nearest = np.abs(places[drawn] - here).sum(axis=1).argmin()
        views.put(PAGE, picture=str(drawn[nearest]))


def _pin(found: EmbeddingMap, picture: Placed) -> figures.Pin:
    """Pin of a picture and its neighbours on the map."""
    x, y = embedding_map.place(found, picture.neighbours, layout=layout())
    around = {"pca": found.train_pca, "umap": found.train_umap}[layout()]
    return figures.Pin(
        name=picture.name,
        place=(x, y),
        neighbours=[
            (float(x), float(y)) for x, y in around[picture.neighbours.positions]
        ],
    )
