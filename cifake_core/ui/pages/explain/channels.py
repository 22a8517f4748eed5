"""What each filtered channel added to the score of a network on the planes."""

import streamlit as st

from cifake_core import figures
from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.labels import Label
from cifake_core.basics.text import signed
from cifake_core.explain.channel_values import CHANNEL_REPLACEMENTS
from cifake_core.explain.records import ChannelValues
from cifake_core.networks import NETWORKS
from cifake_core.pictures.filters import FILTER_TEXTS
from cifake_core.pictures.records import PreparedPicture
from cifake_core.ui.browse.explain_address import PAGE
from cifake_core.ui.services.bench import bench
from cifake_core.ui.widgets import slow_work
from cifake_core.ui.widgets.computing import show_chart


def show(picture: PreparedPicture, label: Label) -> ChannelValues | None:
    """Channels' values for our first network on the planes.

    It is None where there is no such network, or its card lacks what is needed.
    """
    networks = [n for n in bench().names() if NETWORKS[n].input_kind == "planes"]
    single = [name for name in networks if not NETWORKS[name].members]
    if not single:
        return None
    network = single[0]
    title = NETWORKS[network].title
    st.header(f"Which channel convinced the {title}?", divider="gray")
    replacement = st.segmented_control(
        "In the place of a channel that is left out",
        tuple(CHANNEL_REPLACEMENTS),
        default=next(iter(CHANNEL_REPLACEMENTS)),
        required=True,
        format_func=lambda name: CHANNEL_REPLACEMENTS[name].title,
        key=f"{PAGE}_absent",
        persist_state="session",
    )
    try:
        with slow_work.waiting("Scoring every set of channels…", height=360):
            values = bench().channel_values(
                picture, network=network, label=label, replacement=replacement
            )
    except ModelUnavailableError as error:
        st.info(str(error))
        return None
    _draw(values, shows=CHANNEL_REPLACEMENTS[replacement].shows, title=title)
    return values


def _draw(values: ChannelValues, *, shows: str, title: str) -> None:
    """Chart, its figures also in words."""
    names = [text.title for text in FILTER_TEXTS.values()]
    words = [
        f"{name} {signed(value)} (left out alone {signed(drop)})"
        for name, value, drop in zip(names, values.values, values.drops, strict=True)
    ]
    show_chart(
        "channels_figure",
        figures.channels_figure(values),
        key=f"{PAGE}_channels",
        alt=f"What each channel adds to the score for {values.label}: "
        f"{', '.join(words)}.",
    )
    st.caption(
        f"The score of the {title} for {values.label} is {signed(values.full)} with "
        f"all six channels and {signed(values.baseline)} with none. The bars on the "
        "left (Shapley values) share out the difference: what a channel adds, on "
        "average over all orders in which the channels could come. The bars on the "
        f"right say what is lost when one channel alone goes. {shows}"
    )
