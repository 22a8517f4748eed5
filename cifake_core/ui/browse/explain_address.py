"""What the *Explain* page's address says: picture, network, method, label, and more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from cifake_core.basics.labels import LABELS, Label
from cifake_core.explain import EXPLAINERS
from cifake_core.ui.browse import views
from cifake_core.ui.browse.address import fault
from cifake_core.ui.services.bench import bench

PAGE: Final = "explain"
#: In an address: the picture that is open in Analyze.
OPENED: Final = "opened"


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """What is to be explained; None where the address leaves it to the page.

    `picture` is the number of a test picture, the file of a sample or `OPENED`.
    `beside` is the name of a method or a network, which the map is compared with.
    """

    picture: str
    network: str
    method: str | None
    label: Label | None
    beside: str | None


def current() -> tuple[View, tuple[str, ...]]:
    """Page's view, and a sentence for each bad value in the address."""
    query = views.query(PAGE)
    if query:
        views.remember(PAGE)
    networks = bench().all_names()
    found, faults = {}, []
    for name, options in _options(networks).items():
        found[name], bad = _read(query, name, options)
        faults += bad
    labels: dict[str | None, Label] = {label: label for label in LABELS}
    view = View(
        picture=query.get("picture", OPENED),
        network=found["network"] or networks[0],
        method=found["method"],
        label=labels.get(found["label"]),
        beside=found["beside"],
    )
    return view, tuple(faults)


def link(picture: str | None, *, network: str | None = None) -> None:
    """Link that opens a picture on the page, by a network if one is named.

    Without an address, `picture` is the one that is open in Analyze.
    """
    query = {"picture": picture or OPENED, "network": network}
    st.page_link(
        "pages/explain.py",
        label="Explain this picture",
        icon=":material/troubleshoot:",
        query_params={name: value for name, value in query.items() if value},
    )


def _options(networks: Sequence[str]) -> dict[str, Sequence[str]]:
    """Options for each part of the address but the picture."""
    methods = tuple(EXPLAINERS)
    return {
        "network": networks,
        "method": methods,
        "label": LABELS,
        "beside": (*methods, *networks),
    }


def _read(
    query: Mapping[str, str], name: str, options: Sequence[str]
) -> tuple[str | None, list[str]]:
    """One part of the address, and a sentence if it is a bad one."""
    value = query.get(name)
    if value is None or value in options:
        return value, []
    return None, [fault(name, value, expected=f"one of: {', '.join(options)}")]
