"""What pages ask for about explanations: can a map be trusted, what did a channel add.

A picture here is the 32x32 one that the networks saw.
"""

import streamlit as st

from cifake_core.basics.arrays import Rgb
from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.labels import Label
from cifake_core.basics.progress import ProgressCallback
from cifake_core.explain import channel_values as channels
from cifake_core.explain.records import ChannelValues, Explanation
from cifake_core.networks import store
from cifake_core.trust import table
from cifake_core.trust.measure import Trust, measure_trust
from cifake_core.ui.services import services
from cifake_core.verdicts.records import Stability
from cifake_core.verdicts.stability import weigh_stability


def trust(
    image: Rgb, explanation: Explanation, *, progress: ProgressCallback | None = None
) -> Trust:
    """Return how far a map is to be trusted; the same question is answered once.

    `progress` is told the share done, 0 to 1, and may raise to stop.
    """
    who = (explanation.network, explanation.model_sha256, explanation.method)
    what = (services.digest(image), explanation.heatmap.tobytes(), explanation.label)
    return services.kept().answer(
        ("trust", *who, *what),
        lambda: measure_trust(
            services.judge().network(explanation.network),
            image,
            explanation,
            progress=progress,
        ),
    )


def measured_methods() -> table.TrustTable | None:
    """Return how far each method is to be trusted, or None if it was not measured."""
    path = store.MODELS / table.TRUST_FILE
    if not path.is_file():
        return None
    revisions = tuple(store.revision(name) for name in store.available())
    return _measured_methods(path.stat().st_mtime_ns, revisions)


def channel_values(
    image: Rgb, *, network: str, label: Label, replacement: str
) -> ChannelValues:
    """Return how much each channel adds to the score of `label`.

    Raises:
        ModelUnavailableError: If the network's card lacks the channels' means.
    """
    key = (services.digest(image), store.revision(network))
    return _channel_values(image, key, network, label, replacement)


def stability(image: Rgb, *, network: str) -> Stability:
    """Return how the word of a network on a picture stands up to small changes."""
    return _stability(image, (services.digest(image), store.revision(network)), network)


@st.cache_resource(max_entries=1, show_spinner=False)
def _measured_methods(
    modified: int, revisions: tuple[str, ...]
) -> table.TrustTable | None:
    del modified, revisions  # a new table, or new weights, have an answer of their own
    try:
        return table.read()
    except ModelUnavailableError:
        return None


@st.cache_data(max_entries=256, show_spinner="Scoring every set of channels…")
def _channel_values(
    _image: Rgb, key: tuple[str, str], network: str, label: Label, replacement: str
) -> ChannelValues:
    del key  # the pixels and the weights
    means = channels.stored_means(network)  # before the network is loaded
    return channels.channel_values(
        services.judge().network(network),
        _image,
        label=label,
        means=means,
        replacement=replacement,
    )


@st.cache_data(max_entries=256, show_spinner="Changing the picture a little…")
def _stability(_image: Rgb, key: tuple[str, str], network: str) -> Stability:
    del key
    return weigh_stability(services.judge().network(network), _image)[network]
