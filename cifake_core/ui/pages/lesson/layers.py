"""Second and third step of the lesson: what the first layers do with a picture."""

import numpy as np
import streamlit as st

from cifake_core import figures
from cifake_core.basics.arrays import Floats, unit_range
from cifake_core.networks.inspection.convolution import (
    Convolution,
    FeatureMaps,
)
from cifake_core.pictures.records import PreparedPicture
from cifake_core.ui.browse.lesson import ask_network
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import slow_work
from cifake_core.ui.widgets.kernels import SOURCES, shape_in_words, slices

#: Pixels on the screen of a small map, and of one weight of a kernel.
_MAP, _WEIGHT = 64, 8
#: Kernels that stand below each other, and maps side by side.
_ROWS, _COLUMNS = 8, 8


def show_layers(picture: PreparedPicture) -> None:
    """Kernels of a network's first layer, and the maps of its first two."""
    st.markdown(
        "A convolution lays a small table of weights, its kernel, over every place of "
        "the picture, multiplies and adds up. Each kernel gives one map: large where "
        "the picture is like the kernel."
    )
    network = ask_network()
    if network is None:
        return
    with slow_work.waiting("Opening the network…", height=240):
        first, *later = bench().inspection.feature_maps(picture, network=network)
    _show_kernels(first.convolution)
    _show_maps(first)
    for maps in later:
        st.subheader("One layer on")
        st.markdown(
            f"{shape_in_words(maps.convolution)} They are laid over the maps above, "
            "no longer over the picture."
        )
        _show_maps(maps)
    st.caption(SOURCES)


def _show_kernels(convolution: Convolution) -> None:
    """Every kernel of a layer as a row of its slices."""
    channels = _channels(convolution)
    st.subheader("The kernels of the first layer")
    st.markdown(
        f"{shape_in_words(convolution)} Each row is one kernel: its weights for "
        f"{', '.join(channels)}. Green weights count for, purple ones against, white "
        "ones not at all."
    )
    drawn = slices(convolution)
    row = st.container(horizontal=True, gap="medium")
    for start in range(0, len(drawn), _ROWS):
        part = drawn[start : start + _ROWS]
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
    """Feature maps that a layer passes on, all at one scale."""
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


def _channels(convolution: Convolution) -> list[str]:
    """Names of the channels that the slices of a first kernel meet."""
    if len(convolution.size) == 2:
        return ["red", "green", "blue"]
    return [f"floor {number + 1}" for number in range(convolution.size[0])]


def _flat(maps: Floats) -> Floats:
    """(height, width, K) maps; those at each depth beside each other."""
    if maps.ndim == 3:
        return maps
    return np.concatenate(list(maps), axis=-1)
