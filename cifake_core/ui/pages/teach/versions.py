"""Versions on the page: what there is, the way back, and how one is removed."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from cifake_core.networks import NETWORKS
from cifake_core.ui.browse.teach_address import PAGE
from cifake_core.ui.pages.teach import acting, candidates
from cifake_core.ui.services import administered, caller
from cifake_core.ui.widgets import texts
from cifake_core.versions.records import SHIPPED, State, Version

_MARKS: Final[dict[State, str]] = {
    "candidate": ":material/science: candidate",
    "in use": ":material/check_circle: **in use**",
    "former": ":material/history: former",
    "refused": ":material/block: refused",
}
_SHORT: Final = 8
_NOTHING: Final = "\N{EN DASH}"


def show() -> None:
    """The table, the way back, and one version in detail."""
    current = administered.versions().current()
    versions = administered.versions().listing()
    if current.trouble:
        st.error(texts.plain(current.trouble))
    if len(versions) == 1:
        st.info(
            "There is one version, the shipped one. Teach a network: what comes of it "
            "stands here, and the shipped version is never changed.",
            icon=":material/school:",
        )
    st.markdown(texts.table([_row(each) for each in reversed(versions)]))
    in_use = next(each for each in versions if each.state == "in use")
    if in_use.parent is not None:
        _offer_rollback(in_use)
    others = [each for each in versions if each.number not in (SHIPPED, in_use.number)]
    if others:
        _show_one(others, in_use)


def _row(version: Version) -> dict[str, str]:
    """A version as a row of the table."""
    shipped = version.parent is None
    taught = NETWORKS[version.network].title if version.network else "all, as shipped"
    return {
        "Version": f"**{version.number}**",
        "From": _NOTHING if shipped else str(version.parent),
        "Network": f"{taught} `{version.model_sha256[:_SHORT]}`"
        if version.model_sha256
        else taught,
        "Data sets": ", ".join(
            f"{texts.plain(name)} `{digest[:_SHORT]}`"
            for name, digest in version.datasets.items()
        )
        or _NOTHING,
        "On validation": _metrics(version),
        "State": _MARKS[version.state],
        "Who": texts.plain(version.who) or _NOTHING,
        "When": f"{version.changed.astimezone():%Y-%m-%d %H:%M}",
        "Why": texts.plain(version.why) or _NOTHING,
    }


def _metrics(version: Version) -> str:
    """What training came to: CIFAKE rightly called, and found of what was taught."""
    held = version.metrics.get("validation", {})
    if not held:
        return _NOTHING
    found = [f"CIFAKE {texts.percent(held['accuracy'])} right"]
    for name in version.datasets:
        for generator, row in held["sets"][name]["generators"].items():
            found.append(
                f"{texts.plain(generator)} {texts.percent(row['recall'])} found"
            )
    return ", ".join(found)


def _offer_rollback(in_use: Version) -> None:
    """One click that puts the version before into use again."""
    back = f"Version {in_use.parent} is in use again, everywhere in this app."
    st.button(
        f"Go back to version {in_use.parent}",
        key=f"{PAGE}_rollback",
        icon=":material/undo:",
        help=f"Version {in_use.number} stays: as its gate compared it with this very "
        "one, it can be promoted again.",
        on_click=lambda: acting.act(
            lambda: administered.versions().rollback(
                in_use.network,
                why=f"back from version {in_use.number}",
                by=caller.current(),
            ),
            done=back,
        ),
    )


def _show_one(others: Sequence[Version], in_use: Version) -> None:
    """One version that is neither shipped nor in use: its report, and what to do."""
    numbers = [each.number for each in reversed(others)]
    number = st.selectbox(
        "A closer look at",
        numbers,
        format_func=lambda each: f"Version {each}",
        key=f"{PAGE}_version",
        width=240,
    )
    version = next(each for each in others if each.number == number)
    candidates.show_candidate(version, in_use.number)
    with st.popover(f"Remove version {number}…", icon=":material/delete:"):
        st.markdown(
            f"Version {number} and its weights are deleted. This cannot be undone: "
            "teaching it again takes as long as before."
        )
        st.button(
            f"Delete version {number} for good",
            key=f"{PAGE}_remove_{number}",
            type="primary",
            on_click=lambda: acting.act(
                lambda: administered.versions().remove(
                    version.number, by=caller.current()
                ),
                done=f"Version {number} was deleted.",
            ),
        )
