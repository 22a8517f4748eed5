"""Third step of the lesson: how a kernel with depth moves through the six channels."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import streamlit as st

from cifake_core import figures
from cifake_core.basics.arrays import Floats, Rgb, unit_range
from cifake_core.networks import NETWORKS
from cifake_core.networks.inspection.convolution import (
    Convolution,
    FeatureMaps,
    contributions,
    meets,
    places,
)
from cifake_core.pictures.filters import FILTER_TEXTS
from cifake_core.pictures.records import PreparedPicture
from cifake_core.ui.browse.lesson import PAGE, ask_network
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import slow_work
from cifake_core.ui.widgets.components import MIDDLE
from cifake_core.ui.widgets.kernels import SOURCES, shape_in_words, slices, times
from cifake_core.ui.widgets.texts import table


def show_depth(picture: PreparedPicture) -> None:
    """Kernel with depth on its way through the six channels."""
    st.markdown(
        "The planes lie over each other like floors. A kernel with depth reaches over "
        "several floors at once and can set one filter against another; then it moves "
        "on along the depth."
    )
    network = ask_network(("planes",))
    if network is None:
        return
    with slow_work.waiting("Opening the network…", height=240):
        all_maps = bench().inspection.feature_maps(picture, network=network)
    deep = [each for each in all_maps if len(each.convolution.size) == 3]
    if not deep:
        st.info(f"The {NETWORKS[network].title} has no kernel with depth.")
        return
    maps = deep[0]
    place, chosen = _ask_place(maps)
    _show_floors(picture.planes, maps, place=place, chosen=chosen)
    _show_ways(deep)
    st.caption(
        "Source: 3D convolution after S. Ji et al., 2013, [doi:10.1109/TPAMI.2012.59]"
        "(https://doi.org/10.1109/TPAMI.2012.59), who used it on video; on filters, "
        f"after Hosen et al., 2025. {SOURCES}"
    )


def _ask_place(maps: FeatureMaps) -> tuple[int, int]:
    """Place of the kernel along the depth, and its number; both from 0."""
    convolution = maps.convolution
    row = st.container(horizontal=True, gap="large")
    place = row.slider(
        "Place of the kernel along the depth",
        min_value=1,
        max_value=max(2, places(convolution, len(maps.given))),
        key=f"{PAGE}_place",
        width=400,
        disabled=places(convolution, len(maps.given)) == 1,
    )
    chosen = row.slider(
        "Kernel",
        min_value=1,
        max_value=max(2, convolution.num_filters),
        key=f"{PAGE}_kernel",
        width=400,
        disabled=convolution.num_filters == 1,
    )
    return place - 1, chosen - 1


def _show_floors(planes: Rgb, maps: FeatureMaps, *, place: int, chosen: int) -> None:
    """Each channel, the weights that meet it, and what it adds to the map."""
    convolution = maps.convolution
    met = meets(convolution, len(maps.given), place=place)
    parts = contributions(maps, place=place, chosen=chosen)
    result = maps.filtered[place, ..., chosen]
    weights = unit_range(slices(convolution)[chosen])
    scale = max(float(np.abs(parts).max()), float(np.abs(result).max()), 1e-9)
    titles = [text.title for text in FILTER_TEXTS.values()]
    st.markdown(_meeting(convolution, met, titles, place=place))
    for number, column in enumerate(st.columns(len(planes))):
        with column:
            st.markdown(f"**{titles[number]}**")
            _draw(figures.enlarge(planes[number], size=MIDDLE), f"{titles[number]}.")
            if number not in met:
                st.caption("Not met at this place")
                continue
            where = met.index(number)
            _show_slice(weights[where], title=titles[number])
            st.caption(f"Slice {where + 1} of {len(met)}")
            _show_part(parts[where], scale=scale, title=titles[number])
    _show_sum(result / scale, unit_range(maps.passed[place, ..., chosen]))


def _meeting(
    convolution: Convolution,
    met: Sequence[int | None],
    titles: Sequence[str],
    *,
    place: int,
) -> str:
    """Sentence on which channels a kernel meets at one place of the depth."""
    names = ", ".join(titles[each] for each in met if each is not None)
    words = f"{shape_in_words(convolution)} At place {place + 1} it meets {names}."
    hanging = met.count(None)
    if not hanging:
        return words
    return (
        f"{words} Of its {len(met)} slices, {hanging} beyond the edge: zeros stand "
        "there, which are the middle grey, as the network reads 0 to 255 as -1 to 1."
    )


def _show_slice(weights: Floats, *, title: str) -> None:
    """The weights of a kernel that meet one channel."""
    side = MIDDLE - MIDDLE % len(weights)
    picture = figures.enlarge(figures.colorize(weights, signed=True), size=side)
    _draw(picture, f"The weights that meet {title}.")


def _show_part(part: Floats, *, scale: float, title: str) -> None:
    """What one channel adds to the map."""
    picture = figures.colorize(part / scale, signed=True)
    large = figures.enlarge(picture, size=_side(picture))
    _draw(large, f"What {title} adds to the map.")
    st.caption(f"{part.min():+.2f} to {part.max():+.2f}")


def _show_sum(result: Floats, passed: Floats) -> None:
    """The map that all channels give together, and what is passed on of it."""
    row = st.container(horizontal=True, gap="large")
    for title, picture in {
        "All of them added up": figures.colorize(result, signed=True),
        "After normalisation and ReLU": figures.colorize(passed, signed=False),
    }.items():
        with row.container(width=MIDDLE + 64):
            st.markdown(f"**{title}**")
            large = figures.enlarge(picture, size=_side(picture))
            st.image(large, width=MIDDLE, alt=f"{title}.", output_format="PNG")


def _show_ways(deep: list[FeatureMaps]) -> None:
    """Say how the depth shrinks from layer to layer."""
    depths = [len(each.given) for each in deep]
    depths.append(places(deep[-1].convolution, depths[-1]))
    rows = [
        {
            "Layer": f"`{each.convolution.layer}`",
            "Kernel (depth x height x width)": times(each.convolution.size),
            "Step": times(each.convolution.strides),
            "Depth": f"{before} to {after}",
            "Maps": f"{each.convolution.num_filters}",
        }
        for each, (before, after) in zip(deep, pairwise(depths), strict=True)
    ]
    st.markdown(table(rows))


def _draw(picture: Rgb, alt: str) -> None:
    """Picture as wide as its column."""
    st.image(picture, width="stretch", alt=alt, output_format="PNG")


def _side(picture: Rgb) -> int:
    """Size near `MIDDLE` that its side divides."""
    return max(1, MIDDLE // len(picture)) * len(picture)
