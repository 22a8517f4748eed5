"""Origin in one sentence: what networks and file say, and where they disagree."""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from cifake_core.basics.labels import Decision
from cifake_core.provenance.records import (
    AI_SOURCE_TYPES,
    CAMERA_SOURCE_TYPES,
    FileFacts,
    Signed,
)
from cifake_core.provenance.words import SOURCE_TYPES

#: What a file says the picture is.
Claim: TypeAlias = Literal["generated", "photograph", "both"]

_NETWORKS: Final[Mapping[Decision, str]] = {
    "FAKE": "The networks find the trace of a generator",
    "REAL": "The networks find no trace of the generators they know",
    "UNSURE": "The networks abstain",
}
#: Which claim goes with what the networks decide.
_FITTING: Final[Mapping[Decision, Claim]] = {"FAKE": "generated", "REAL": "photograph"}
_SIGNERS: Final = {
    "trusted": "a trusted signer",
    "untrusted": "a signer not on the list",
    "unchecked": "a signer who was not checked",
}


def origin_sentence(decision: Decision, facts: FileFacts) -> str:
    """One sentence on networks and file; what the file says changes no verdict.

    Args:
        decision: the networks'.
        facts: of the file.
    """
    claim = _claim(facts)
    if claim is None:
        return f"{_NETWORKS[decision]}, and {_silent(facts)}."
    link = "but" if _disagree(decision, claim) else "and"
    return (
        f"{_NETWORKS[decision]}, {link} the file says, {_how(facts)}, "
        f"{_what(facts, claim)}: {_weighed(decision, claim, facts)}."
    )


def says_something(facts: FileFacts) -> bool:
    """Whether a file says anything of its origin, true or not."""
    signed = facts.signed
    return bool(_claim(facts) or signed.address) or signed.state != "none"


def _claim(facts: FileFacts) -> Claim | None:
    """What the file says it is."""
    kind = facts.signed.digital_source_type
    generated = bool(facts.generated) or kind in AI_SOURCE_TYPES
    photograph = facts.camera.speaks or kind in CAMERA_SOURCE_TYPES
    if generated and photograph:
        return "both"
    if generated:
        return "generated"
    return "photograph" if photograph else None


def _silent(facts: FileFacts) -> str:
    """Words on a file that does not say whether AI or a camera made the picture."""
    signed = facts.signed
    if signed.address:
        return "the file names a signed origin elsewhere, which was not fetched"
    if signed.state == "broken":
        return f"the file's signature is broken: {signed.changed[0]}"
    if signed.state == "none":
        return (
            "the file says nothing of its origin, which is no sign of anything, as "
            "most sites remove it"
        )
    kind = SOURCE_TYPES.get(signed.digital_source_type or "")
    said = (
        f"and says that it was {kind}" if kind else "but does not say how it was made"
    )
    return f"the file is unchanged since {_signer(signed)} signed it, {said}"


def _how(facts: FileFacts) -> str:
    """Words on how strongly the file says so."""
    signed = facts.signed
    if not _is_signed(facts):
        return "where anyone can write it"
    if signed.state == "broken":
        return "under a broken signature"
    return f"signed by {_signer(signed)} and unchanged since"


def _signer(signed: Signed) -> str:
    """Words for a signer: the name, and whether it was checked."""
    known = _SIGNERS[signed.state]
    return f"{signed.signer} ({known})" if signed.signer else known


def _is_signed(facts: FileFacts) -> bool:
    """Whether the signed statement itself says how the picture was made."""
    kind = facts.signed.digital_source_type
    return kind in AI_SOURCE_TYPES or kind in CAMERA_SOURCE_TYPES


def _what(facts: FileFacts, claim: Claim) -> str:
    """Words on what the file says."""
    tool = next((each.tool for each in facts.generated if each.tool), None)
    made = f"that {tool} made it" if tool else "that it was made by AI"
    taken = f"that a camera took it ({facts.camera.named})"
    if not facts.camera.named:
        kind = facts.camera.source_type or facts.signed.digital_source_type
        taken = f"that it was {SOURCE_TYPES.get(kind or '', 'taken by a camera')}"
    return {
        "generated": made,
        "photograph": taken,
        "both": f"both {made} and {taken}",
    }[claim]


def _disagree(decision: Decision, claim: Claim) -> bool:
    """Whether networks and file contradict each other."""
    return claim != "both" and _FITTING.get(decision, claim) != claim


def _weighed(decision: Decision, claim: Claim, facts: FileFacts) -> str:
    """Words on how the two go together."""
    is_strong = _is_signed(facts) and facts.signed.state == "trusted"
    weight = "" if is_strong else ", which is a hint and no proof"
    if claim == "both":
        return f"the file contradicts itself{weight}"
    if decision == "UNSURE":
        return f"only the file answers{weight}"
    if _disagree(decision, claim):
        return f"they disagree, and the verdict stays as it is{weight}"
    return f"they agree{weight}"
