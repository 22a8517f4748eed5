"""Nearest training pictures of a picture on the embedding map."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import streamlit as st

from cifake_core.basics.arrays import Floats, Rgb
from cifake_core.basics.errors import CifakeError
from cifake_core.basics.labels import LABELS, OBJECT_CLASSES
from cifake_core.evaluation import embedding_map
from cifake_core.evaluation.embedding_map import (
    EmbeddingMap,
    Neighbours,
)
from cifake_core.networks import NETWORKS
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import slow_work, texts, thumbnails
from cifake_core.ui.widgets.thumbnails import Thumbnail

#: Width on the screen of a neighbour; eight stand side by side.
_NEIGHBOUR: Final = 96


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Placed:
    """A picture among those of a map, by its coordinates there."""

    name: str
    coordinates: Floats
    neighbours: Neighbours


def placed(found: EmbeddingMap, coordinates: Floats, *, name: str) -> Placed:
    """Picture with its neighbours."""
    return Placed(
        name=name,
        coordinates=coordinates,
        neighbours=embedding_map.nearest(found, coordinates),
    )


def show(found: EmbeddingMap, picture: Placed) -> None:
    """Training pictures nearest to a picture, of either label."""
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
    """Training pictures by their positions; none, and why, if they lack."""
    path = bench().dataset.path()
    if path is None:
        st.caption("To see them too, get the CIFAKE data set: it is offered here.")
        return {}
    positions = np.concatenate(rows)
    try:
        with slow_work.waiting("Reading the training pictures…", height=160):
            images = bench().dataset.training_pictures(path, found, positions)
    except CifakeError as error:
        st.warning(texts.plain(str(error)))
        return {}
    return dict(zip(positions.tolist(), images, strict=True))
