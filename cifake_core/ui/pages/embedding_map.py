"""The map of the test set by one network's features, and a picture's place on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, get_args

import numpy as np
import numpy.typing as npt
import streamlit as st

from cifake_core import figures
from cifake_core.basics.arrays import Floats, Rgb
from cifake_core.basics.errors import CifakeError
from cifake_core.basics.labels import LABELS, OBJECT_CLASSES
from cifake_core.evaluation import embedding_map, regions
from cifake_core.evaluation.embedding_map import (
    LAYOUTS,
    EmbeddingMap,
    Layout,
    Neighbours,
)
from cifake_core.evaluation.operating_points import EVEN
from cifake_core.evaluation.regions import Region
from cifake_core.evaluation.scores import Scores
from cifake_core.evaluation.selection import Selection, matching
from cifake_core.networks import NETWORKS
from cifake_core.ui.browse import views
from cifake_core.ui.pages import evaluation
from cifake_core.ui.services import visit
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import components, texts, thumbnails
from cifake_core.ui.widgets.thumbnails import Thumbnail

PAGE: Final = "map"
FILTERS: Final = ("object_class", "label", "called", "right", "copies")
_LAYOUTS: Final[Mapping[Layout, str]] = {"umap": "UMAP", "pca": "PCA"}
_COLORS: Final = {
    "label": "Truth",
    "class": "Object",
    "answer": "Right or wrong",
    "score": "Score",
}
_TOOLS: Final = {"lasso": "Lasso", "select": "Box"}
#: Width on the screen of a neighbour; eight stand side by side.
_NEIGHBOUR: Final = 96


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Placed:
    """A picture among those of a map, by its coordinates there."""

    name: str
    coordinates: Floats
    neighbours: Neighbours


def networks() -> tuple[str, ...]:
    """Return the networks that can have a map: an ensemble has none."""
    names = bench().all_names()
    return tuple(name for name in names if not NETWORKS[name].members)


def current() -> tuple[Selection, tuple[str, ...]]:
    """Return the view, and a sentence for each bad value in the address."""
    selection, faults = views.current(PAGE)
    network = selection.network
    if network not in networks():
        network = networks()[0]
    return replace(selection, network=network, threshold=EVEN), faults


def layout() -> Layout:
    """Return which of the two maps is shown."""
    name = views.query(PAGE).get("layout")
    return next((each for each in get_args(Layout) if each == name), LAYOUTS[0])


def color() -> str:
    """Return what the points are coloured by."""
    name = views.query(PAGE).get("color", "")
    return name if name in _COLORS else "label"


def region() -> Region:
    """Return the chosen part of the map; () if none is."""
    return regions.from_text(views.query(PAGE).get("region", ""))


def positions(
    found: EmbeddingMap, scores: Scores, selection: Selection
) -> npt.NDArray[np.int64]:
    """Return the pictures that pass the filters and lie in the region, in order."""
    chosen = matching(scores, selection)
    if region():
        places = found.test_places(layout())
        chosen = chosen[regions.inside(places, region())[chosen]]
    return chosen


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
    evaluation.ask_set(PAGE, selection, row)
    row.segmented_control(
        "Map",
        LAYOUTS,
        required=True,
        format_func=_LAYOUTS.__getitem__,
        key=views.held(PAGE, "layout", layout()),
        on_change=lambda: _choose(
            layout=st.session_state[f"{PAGE}_layout"], region=None
        ),
    )
    row.segmented_control(
        "Colour",
        tuple(_COLORS),
        required=True,
        format_func=_COLORS.__getitem__,
        key=views.held(PAGE, "color", color()),
        on_change=lambda: views.put(PAGE, color=st.session_state[f"{PAGE}_color"]),
    )


def _set_network() -> None:
    """Show another network's map; a region of the last one means nothing there."""
    views.change(PAGE, network=st.session_state[f"{PAGE}_network"])
    views.put(PAGE, region=None)


def _choose(**others: str | None) -> None:
    """Show the first page of the pictures of another part of the map."""
    views.change(PAGE)
    views.put(PAGE, **others)


def own_picture(found: EmbeddingMap) -> Placed | None:
    """Return the picture that is open in *Analyze*, or None before there is any."""
    chosen = visit.current()
    if chosen is None:
        return None
    picture = bench().prepare(chosen.picture.pixels)
    with st.spinner("The network looks at the picture…"):
        features = bench().features(picture, network=found.network)
    return placed(found, found.coordinates(features), name=chosen.name)


def placed(found: EmbeddingMap, coordinates: Floats, *, name: str) -> Placed:
    """Return a picture with its neighbours."""
    return Placed(
        name=name,
        coordinates=coordinates,
        neighbours=embedding_map.nearest(found, coordinates),
    )


def show_map(
    found: EmbeddingMap, scores: Scores, selection: Selection, picture: Placed | None
) -> None:
    """Draw the map; what is drawn around, or the picture clicked on, is shown below."""
    tool = _ask_tool()
    drawn = matching(scores, selection)
    groups = _groups(scores, drawn)
    places = found.test_places(layout())
    # a new chart for each region: the browser would keep the old outline
    key = f"map_chart_{layout()}_{regions.to_text(region())}"
    figure = figures.map_figure(
        places,
        groups,
        scores=scores.logits if color() == "score" else None,
        region=region(),
        pin=None if picture is None else _pin(found, picture),
    )
    counts = ", ".join(f"{name} {len(each):,}" for name, each in groups.items())
    st.plotly_chart(
        figure.update_layout(dragmode=tool),
        key=key,
        on_select=lambda: take(key, places, drawn),
        selection_mode=("points", "box", "lasso"),
        alt=f"{_LAYOUTS[layout()]} map of {len(drawn):,} test pictures as the "
        f"{NETWORKS[found.network].title} sees them, by {_COLORS[color()].lower()}: "
        f"{counts}.",
        # by default twice as fine, which takes long without a graphics card
        config=components.PLOT_CONFIG | {"plotGlPixelRatio": 1},
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
        key="map_tool",
        persist_state="session",
    )
    row.button(
        "Show all again",
        key="map_all",
        icon=":material/deselect:",
        disabled=not region(),
        on_click=_choose,
        kwargs={"region": None},
    )
    row.caption("Points you draw around are the pictures below; a click opens one.")
    return tool


def _groups(
    scores: Scores, drawn: npt.NDArray[np.int64]
) -> dict[str, npt.NDArray[np.int64]]:
    """Return the pictures to draw, by what they are coloured by."""
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
        _choose(
            region=regions.to_text(regions.drawn(shape["x"], shape["y"])) or None,
            picture=None,
        )
        return
    if len(event["points"]) == 1 and len(drawn):
        here = np.array([event["points"][0]["x"], event["points"][0]["y"]])
        nearest = np.abs(places[drawn] - here).sum(axis=1).argmin()
        views.put(PAGE, picture=str(drawn[nearest]))


def _pin(found: EmbeddingMap, picture: Placed) -> figures.Pin:
    """Return where a picture and its neighbours stand."""
    x, y = embedding_map.place(found, picture.neighbours, layout=layout())
    around = {"pca": found.train_pca, "umap": found.train_umap}[layout()]
    return figures.Pin(
        name=picture.name,
        place=(x, y),
        neighbours=[
            (float(x), float(y)) for x, y in around[picture.neighbours.positions]
        ],
    )


def show_neighbours(found: EmbeddingMap, picture: Placed) -> None:
    """Draw the training pictures nearest to a picture, of either label."""
    title = NETWORKS[found.network].title
    st.header(f"Nearest in training to {texts.plain(picture.name)}", divider="gray")
    num_real = int(found.labels[picture.neighbours.positions].sum())
    num_all = len(picture.neighbours.positions)
    st.markdown(
        f"Of the {num_all} training pictures that the {title} takes for most alike, "
        f"**{num_real} are REAL and {num_all - num_real} FAKE**."
    )
    rows = {
        label: embedding_map.nearest(found, picture.coordinates, label=label)
        for label in LABELS
    }
    images = _training_pictures(found, [each.positions for each in rows.values()])
    for label, nearest in rows.items():
        st.markdown(f"**The nearest {label} ones**")
        kinds = [OBJECT_CLASSES[found.object_classes[k]] for k in nearest.positions]
        alike = [
            Thumbnail(
                image=images.get(int(position)),
                alt=f"A {label} {kind} of the training set.",
                lines=(kind, f"{distance:.2f}"),
            )
            for position, kind, distance in zip(
                nearest.positions, kinds, nearest.distances, strict=True
            )
        ]
        thumbnails.show(*alike, size=_NEIGHBOUR)
    st.caption(
        f"The numbers are distances between {len(found.axes)} numbers that stand for "
        f"a picture: they hold {found.explained:.0%} of the variance of the network's "
        "features on the training pictures. Near 0 the files are the same, or the "
        "network sees no difference. On the map the picture stands at the mean of the "
        f"places of its {embedding_map.NUM_NEIGHBOURS} nearest, each weighed by the "
        "inverse of its distance."
    )


def _training_pictures(
    found: EmbeddingMap, rows: Sequence[npt.NDArray[np.int64]]
) -> dict[int, Rgb]:
    """Return training pictures by their positions; none, and why, if they lack."""
    path = bench().dataset.path()
    if path is None:
        st.caption("To see them too, get the CIFAKE data set: it is offered here.")
        return {}
    positions = np.concatenate(rows)
    try:
        with st.spinner("Reading the training pictures…"):
            images = bench().dataset.training_pictures(path, found, positions)
    except CifakeError as error:
        st.warning(texts.plain(str(error)))
        return {}
    return dict(zip(positions.tolist(), images, strict=True))
