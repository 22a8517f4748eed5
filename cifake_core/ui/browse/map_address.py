"""View of the embedding map: what the address says, and what it selects."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, get_args

import numpy as np
import numpy.typing as npt

from cifake_core.data.datasets.records import OFFICIAL
from cifake_core.evaluation import regions
from cifake_core.evaluation.embedding_map import (
    LAYOUTS,
    EmbeddingMap,
    Layout,
)
from cifake_core.evaluation.operating_points import EVEN
from cifake_core.evaluation.regions import Region
from cifake_core.evaluation.scores import Scores
from cifake_core.evaluation.selection import Selection, matching
from cifake_core.networks import NETWORKS
from cifake_core.ui.browse import views
from cifake_core.ui.services.bench import bench

PAGE: Final = "embedding_map"


FILTERS: Final = ("object_class", "label", "called", "right", "copies")


LAYOUT_TITLES: Final[Mapping[Layout, str]] = {"umap": "UMAP", "pca": "PCA"}


COLORS: Final = {
    "label": "Truth",
    "class": "Object",
    "answer": "Right or wrong",
    "score": "Score",
}


def networks() -> tuple[str, ...]:
    """Networks that can have a map: an ensemble has none."""
    names = bench().all_names()
    return tuple(name for name in names if not NETWORKS[name].members)


def current() -> tuple[Selection, tuple[str, ...]]:
    """View, and a sentence for each bad value in the address."""
    selection, faults = views.current(PAGE)
    network = selection.network
    if network not in networks():
        network = networks()[0]
    pictures = selection.pictures if selection.of_cifake else OFFICIAL  # none other
    return replace(
        selection, network=network, threshold=EVEN, pictures=pictures
    ), faults


def layout() -> Layout:
    """Layout of the map that is shown."""
    name = views.query(PAGE).get("layout")
    return next((each for each in get_args(Layout) if each == name), LAYOUTS[0])


def color() -> str:
    """Name of what the points are coloured by."""
    name = views.query(PAGE).get("color", "")
    return name if name in COLORS else "label"


def region() -> Region:
    """Chosen part of the map; () if none is."""
    return regions.from_text(views.query(PAGE).get("region", ""))


def positions(
    found: EmbeddingMap, scores: Scores, selection: Selection
) -> npt.NDArray[np.int64]:
    """Pictures that pass the filters and lie in the region, in order."""
    chosen = matching(scores, selection)
    if region():
        places = found.test_places(layout())
        chosen = chosen[regions.inside(places, region())[chosen]]
    return chosen


def choose(**others: str | None) -> None:
    """Show the first page of the pictures of another part of the map."""
    views.change(PAGE)
    views.put(PAGE, **others)
