"""Second and third step of the lesson: what the first layers do with a picture."""

from itertools import pairwise
from typing import Final

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
from cifake_core.ui.pages.lesson.steps import PAGE
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets.components import MIDDLE
from cifake_core.ui.widgets.texts import table

#: Pixels on the screen of a small map, and of one weight of a kernel.
_MAP, _WEIGHT = 64, 8
#: Kernels that stand below each other, and maps side by side.
_ROWS, _COLUMNS = 8, 8
_SOURCES: Final = (
    'Source: V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep '
    'learning", 2016, [arXiv:1603.07285](https://arxiv.org/abs/1603.07285). In our '
    "networks normalisation (S. Ioffe and C. Szegedy, 2015, "
    "[arXiv:1502.03167](https://arxiv.org/abs/1502.03167)) and ReLU follow, which lets "
    "through what is above 0."
)


def ask_network(kinds: tuple[str, ...] = ("rgb", "planes")) -> str | None:
    """Return the network to open, or None, having said that there is none."""
    own = [
        name
        for name in bench().names()
        if not NETWORKS[name].members and NETWORKS[name].input_kind in kinds
    ]
    if not own:
        st.info("There is no such network yet. README says how to train it.")
        return None
    if len(own) == 1:
        return own[0]
    return st.segmented_control(
        "Network",
        own,
        default=own[0],
        required=True,
        format_func=lambda name: NETWORKS[name].title,
        key=f"{PAGE}_network",
        persist_state="session",
    )


def show_layers(picture: PreparedPicture) -> None:
    """Draw the kernels of a network's first layer, and the maps of its first two."""
    st.markdown(
        "A convolution lays a small table of weights, its kernel, over every place of "
        "the picture, multiplies and adds up. Each kernel gives one map: large where "
        "the picture is like the kernel."
    )
    network = ask_network()
    if network is None:
        return
    with st.spinner("Opening the network…"):
        first, *later = bench().inspection.feature_maps(picture, network=network)
    _show_kernels(first.convolution)
    _show_maps(first)
    for maps in later:
        st.subheader("One layer on")
        st.markdown(
            f"{_shape_in_words(maps.convolution)} They are laid over the maps above, "
            "no longer over the picture."
        )
        _show_maps(maps)
    st.caption(_SOURCES)


def _show_kernels(convolution: Convolution) -> None:
    """Draw every kernel of a layer as a row of its slices."""
    channels = _channels(convolution)
    st.subheader("The kernels of the first layer")
    st.markdown(
        f"{_shape_in_words(convolution)} Each row is one kernel: its weights for "
        f"{', '.join(channels)}. Green weights count for, purple ones against, white "
        "ones not at all."
    )
    slices = _slices(convolution)
    row = st.container(horizontal=True, gap="medium")
    for start in range(0, len(slices), _ROWS):
        part = slices[start : start + _ROWS]
        side = _WEIGHT * part.shape[-1]
        picture = figures.montage(
            part.reshape(-1, *part.shape[2:]),
            columns=part.shape[1],
            side=side,
            signed=True,
        )
        words = f"{start + 1} to {start + len(part)}"
        with row.container(width="content"):
            st.image(
                picture,
                width=picture.shape[1],
                alt=f"The weights of kernels {words}, a row each.",
                output_format="PNG",
            )
            st.caption(words)


def _show_maps(maps: FeatureMaps) -> None:
    """Draw what a layer passes on, all of it at one scale, and one map large."""
    passed = unit_range(np.moveaxis(_flat(maps.passed), -1, 0))
    layer, count = maps.convolution.layer, len(passed)
    st.markdown(f"**What layer `{layer}` passes on**")
    signed = bool(passed.min() < 0)  # of a layer without ReLU
    montage = figures.montage(passed, columns=_COLUMNS, side=_MAP, signed=signed)
    st.image(
        montage,
        width=montage.shape[1],
        alt=f"The {count} maps of layer {layer}, {_COLUMNS} in a row.",
        output_format="PNG",
    )
    dark = int((passed.max(axis=(1, 2)) == 0).sum())
    st.caption(
        f"{count} maps, in rows from number 1, all at one scale: dark is 0, yellow the "
        f"largest value. {dark} of them pass on nothing of this picture."
    )


def show_depth(picture: PreparedPicture) -> None:
    """Draw how a kernel with depth moves through the six channels."""
    st.markdown(
        "The planes lie over each other like floors. A kernel with depth reaches over "
        "several floors at once and can set one filter against another; then it moves "
        "on along the depth."
    )
    network = ask_network(("planes",))
    if network is None:
        return
    with st.spinner("Opening the network…"):
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
        f"after Hosen et al., 2025. {_SOURCES}"
    )


def _ask_place(maps: FeatureMaps) -> tuple[int, int]:
    """Return where the kernel is along the depth, and which it is; both from 0."""
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
    """Draw each channel, the weights that meet it, and what it adds to the map."""
    convolution = maps.convolution
    met = meets(convolution, len(maps.given), place=place)
    parts = contributions(maps, place=place, chosen=chosen)
    result = maps.filtered[place, ..., chosen]
    weights = unit_range(_slices(convolution)[chosen])
    scale = max(float(np.abs(parts).max()), float(np.abs(result).max()), 1e-9)
    words = [text.title for text in FILTER_TEXTS.values()]
    hanging = met.count(None)
    st.markdown(
        f"{_shape_in_words(convolution)} At place {place + 1} it meets "
        f"{', '.join(words[each] for each in met if each is not None)}. "
        + (
            f"Of its {len(met)} slices, {hanging} beyond the edge: zeros stand there, "
            "which are the middle grey, as the network reads 0 to 255 as -1 to 1."
            if hanging
            else ""
        )
    )
    for number, column in enumerate(st.columns(len(planes))):
        with column:
            st.markdown(f"**{words[number]}**")
            _draw(figures.enlarge(planes[number], size=MIDDLE), f"{words[number]}.")
            if number not in met:
                st.caption("Not met at this place")
                continue
            where = met.index(number)
            side = MIDDLE - MIDDLE % convolution.size[1]
            _draw(
                figures.enlarge(
                    figures.colorize(weights[where], signed=True), size=side
                ),
                f"The weights that meet {words[number]}.",
            )
            st.caption(f"Slice {where + 1} of {len(met)}")
            part = figures.colorize(parts[where] / scale, signed=True)
            _draw(
                figures.enlarge(part, size=_side(part)),
                f"What {words[number]} adds to the map.",
            )
            st.caption(f"{parts[where].min():+.2f} to {parts[where].max():+.2f}")
    passed = maps.passed[place, ..., chosen]
    row = st.container(horizontal=True, gap="large")
    for title, picture in {
        "All of them added up": figures.colorize(result / scale, signed=True),
        "After normalisation and ReLU": figures.colorize(
            unit_range(passed), signed=False
        ),
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
            "Kernel (depth x height x width)": _times(each.convolution.size),
            "Step": _times(each.convolution.strides),
            "Depth": f"{before} to {after}",
            "Maps": f"{each.convolution.num_filters}",
        }
        for each, (before, after) in zip(deep, pairwise(depths), strict=True)
    ]
    st.markdown(table(rows))


def _draw(picture: Rgb, alt: str) -> None:
    """Draw a picture as wide as its column."""
    st.image(picture, width="stretch", alt=alt, output_format="PNG")


def _side(picture: Rgb) -> int:
    """Return a size near `MIDDLE` that its side divides."""
    return max(1, MIDDLE // len(picture)) * len(picture)


def _slices(convolution: Convolution) -> Floats:
    """Return (filters, slices, height, width) weights, each filter from -1 to 1.

    A slice is what meets one channel of the picture.
    """
    height, width = convolution.size[-2:]
    kernel = convolution.kernel
    if kernel.ndim == 4:  # channels are its inputs, not its depth
        kernel = np.moveaxis(kernel, 2, 0)[..., None, :]
    slices = np.moveaxis(kernel.sum(axis=3), -1, 0).reshape(
        convolution.num_filters, -1, height, width
    )
    return np.stack([unit_range(each) for each in slices])


def _channels(convolution: Convolution) -> list[str]:
    """Return what the slices of a first kernel meet, in words."""
    if len(convolution.size) == 2:
        return ["red", "green", "blue"]
    return [f"floor {number + 1}" for number in range(convolution.size[0])]


def _shape_in_words(convolution: Convolution) -> str:
    """Return how many kernels there are, how large, and how they move."""
    steps = " and ".join(dict.fromkeys(map(str, convolution.strides)))
    across = (
        f"{convolution.strides[0]} along the depth and {convolution.strides[-1]} across"
        if len(convolution.strides) == 3
        else steps
    )
    return (
        f"Layer `{convolution.layer}` has {convolution.num_filters} kernels of "
        f"{_times(convolution.size)} weights for each input; it moves by {across}."
    )


def _times(sizes: tuple[int, ...]) -> str:
    """Return sizes as 3x3."""
    return "x".join(map(str, sizes))


def _flat(maps: Floats) -> Floats:
    """Return (height, width, K) maps; those at each depth beside each other."""
    if maps.ndim == 3:
        return maps
    return np.concatenate(list(maps), axis=-1)
