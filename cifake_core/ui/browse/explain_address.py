"""What the *Explain* page's address says: picture, network, section, and more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from cifake_core.basics.labels import LABELS, Label
from cifake_core.data.datasets.records import CIFAKE_SETS, OFFICIAL
from cifake_core.explain import EXPLAINERS
from cifake_core.ui.browse import views
from cifake_core.ui.browse.address import fault
from cifake_core.ui.services import visit
from cifake_core.ui.services.bench import bench

PAGE: Final = "explain"
#: The page's sections, which can be opened alone, by their names in an address.
SECTIONS: Final[Mapping[str, str]] = {
    "maps": "Maps",
    "methods": "Methods",
    "channels": "Channels",
    "changes": "Does it hold?",
    "paste": "Paste a piece",
}
#: In an address: the picture that is open in Analyze.
OPENED: Final = "opened"


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """What is to be explained; None where the address leaves it to the page.

    `picture` is the number of a test picture, the file of a sample, what
    `visit.set_address` makes of a picture of a data set, or `OPENED`. `pictures` are
    those among which another one is offered, as in `Selection`. `beside` is the name
    of a method or a network, which the map is compared with; `section` a name of
    `SECTIONS` that is opened alone.
    """

    picture: str
    pictures: str
    network: str
    method: str | None
    label: Label | None
    beside: str | None
    section: str | None


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
        pictures=found["pictures"] or _among(query.get("picture", OPENED)),
        network=found["network"] or networks[0],
        method=found["method"],
        label=labels.get(found["label"]),
        beside=found["beside"],
        section=found["section"],
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


def _among(picture: str) -> str:
    """Name of the pictures to which one belongs."""
    parts = visit.set_parts(picture)
    return parts[0] if parts and parts[0] in bench().own_sets.names() else OFFICIAL


def _options(networks: Sequence[str]) -> dict[str, Sequence[str]]:
    """Options for each part of the address but the picture."""
    methods = tuple(EXPLAINERS)
    return {
        "network": networks,
        "pictures": (*CIFAKE_SETS, *bench().own_sets.names()),
        "method": methods,
        "label": LABELS,
        "beside": (*methods, *networks),
        "section": tuple(SECTIONS),
    }


def _read(
    query: Mapping[str, str], name: str, options: Sequence[str]
) -> tuple[str | None, list[str]]:
    """One part of the address, and a sentence if it is a bad one."""
    value = query.get(name)
    if value is None or value in options:
        return value, []
    return None, [fault(name, value, expected=f"one of: {', '.join(options)}")]
