"""Panel *File*: what a picture's file itself says, each line with its place."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from cifake_core.basics.labels import Decision
from cifake_core.provenance.records import FileFacts
from cifake_core.provenance.words import Line, lines
from cifake_core.reports.origin import origin_sentence, says_something
from cifake_core.ui.services.bench import bench
from cifake_core.ui.services.visit import Chosen
from cifake_core.ui.widgets.texts import plain, table
from cifake_core.verdicts.records import Verdict

_FINGERPRINT: Final = "Fingerprint"
#: Badges by the first word of how strong a line is: a word, and an icon with it.
_BADGES: Final[Mapping[str, str]] = {
    "Strong": ":material/verified: strong",
    "Fair": ":material/lock: fair",
    "Weak": ":material/edit: weak",
    "Measured": ":material/straighten: measured",
    "Not": ":material/help: not checked",
    "No": ":material/block: no sign",
}


def show(chosen: Chosen, verdict: Verdict) -> None:
    """What the file of a picture says, summed up in a sentence, then line by line."""
    if chosen.source is None:
        st.caption(
            "This picture came as pixels out of a set, not as a file of its own. "
            "Upload a file to see what it says of itself."
        )
        return
    facts = bench().provenance.facts(chosen.source, chosen.picture)
    show_facts(verdict.decision, facts)
    if facts.camera.has_location:
        _offer_location(chosen.source)
    _show_fingerprints(lines(facts))


def show_summary(chosen: Chosen, verdict: Verdict) -> None:
    """What networks and file say in a sentence, if the file says anything."""
    if chosen.source is None:
        return
    facts = bench().provenance.facts(chosen.source, chosen.picture)
    if says_something(facts):
        words = plain(origin_sentence(verdict.decision, facts))
        st.markdown(f":material/description: **File:** {words}")


def show_facts(decision: Decision, facts: FileFacts) -> None:
    """What a file says beside a decision, in a sentence and in lines."""
    st.markdown(f"**{plain(origin_sentence(decision, facts))}**")
    said = [line for line in lines(facts) if line.about != _FINGERPRINT]
    st.markdown(table([_row(line) for line in said]))
    st.caption(
        "What a file says never changes the verdict: anyone can write most of it. What "
        "it does not say is no sign of anything: most sites remove it."
    )


def _row(line: Line) -> dict[str, str]:
    """One line of the table."""
    word, _, rest = line.strength.partition(":")
    badge = _BADGES.get(word.split()[0], "")
    return {
        "About": f"**{line.about}**",
        "What the file says": plain(line.says),
        "Where": plain(line.where),
        "How strong": f"{badge} · {rest.strip()}",
    }


def _offer_location(source: bytes) -> None:
    """Button that tells where the file says it was taken; nothing keeps it."""
    if not st.button(
        "Show where it says it was taken",
        key="analyze_location",
        icon=":material/location_on:",
        help="Read now, shown once, and kept nowhere.",
    ):
        return
    place = bench().provenance.location(source)
    if place is not None:
        north = f"{abs(place.latitude):.5f}° {'N' if place.latitude >= 0 else 'S'}"
        east = f"{abs(place.longitude):.5f}° {'E' if place.longitude >= 0 else 'W'}"
        st.markdown(f"It says: {north}, {east} (EXIF GPS). Anyone can write that.")


def _show_fingerprints(told: tuple[Line, ...]) -> None:
    """Fold with the hashes."""
    with st.expander(
        "Fingerprints: to find this very file again", key="analyze_hashes"
    ):
        for line in told:
            if line.about == _FINGERPRINT:
                st.markdown(f"{line.where}: `{line.says}`")
