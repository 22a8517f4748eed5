"""Sentences of the decision rule: why a picture gets its verdict, or none."""

from collections.abc import Callable, Mapping
from typing import Final

from cifake_core.basics.labels import DECISIONS, LABELS, Decision
from cifake_core.basics.text import enumerated, whole_percent
from cifake_core.networks import NETWORKS
from cifake_core.verdicts.rule import (
    ABSTAIN_REASONS,
    EVEN,
    EXPERT,
    NOT_ASKED,
    AbstainReason,
    AbstainThresholds,
    Shares,
    Signals,
    abstain_reasons,
    decisions,
    differ,
    found_by_expert,
)


def decide(
    signals: Signals, thresholds: AbstainThresholds
) -> tuple[Decision, tuple[str, ...]]:
    """Return the decision on one picture, and a sentence for each reason.

    The reasons are those for abstaining if the decision is UNSURE, and support the
    decision otherwise.

    Args:
        signals: of one picture.
        thresholds: those of the card.
    """
    decision = DECISIONS[int(decisions(signals, thresholds)[0])]
    if decision != "UNSURE":
        found = bool(found_by_expert(signals, thresholds)[0])
        return decision, _support(signals, found=found)
    applies = abstain_reasons(signals, thresholds)
    return decision, tuple(
        _SENTENCES[reason](signals) for reason in ABSTAIN_REASONS if applies[reason][0]
    )


def _support(signals: Signals, *, found: bool) -> tuple[str, ...]:
    """Return the sentences in support of a verdict; `found` is by the expert."""
    origin = (
        "Nothing speaks against relying on them: it was saved as the pictures that "
        "they learnt from were."
    )
    if found:
        return _expert_found(signals), origin
    sure = f"together they are {_sure(signals.p_real)} sure of their label"
    if differ(signals.parts, signals.p_real)[0]:
        first = (
            f"The networks do not quite agree ({_votes(signals.parts)}), but {sure}."
        )
    else:
        first = f"The {_names(signals.parts)} agree, and {sure}."
    if signals.p_real[0] >= EVEN:
        first += f" Nor does the {NETWORKS[EXPERT].title} find what it knows."
    if signals.kept[0] == NOT_ASKED:
        return first, origin
    return first, origin, f"{_kept(signals)} leave the answer as it is."


def _expert_found(signals: Signals) -> str:
    """Return the sentence on a generator that the expert finds."""
    found = (
        f"The {NETWORKS[EXPERT].title}, which has learnt the fakes of several "
        f"generators, is {_sure(signals.expert)} sure"
    )
    if signals.p_real[0] < EVEN:
        return f"{found}, and the {_names(signals.parts)} say FAKE, too."
    return (
        f"{found}. The {_names(signals.parts)} say REAL, but have learnt those of "
        "CIFAKE alone."
    )


def _origin(signals: Signals) -> str:
    """Return the sentence on a picture without the traces of CIFAKE's compression."""
    if signals.kernels:
        return (
            "The picture was not made at 32x32 pixels, and bringing it to that size "
            "wipes out the traces that the networks look for."
        )
    return (
        "The picture lacks the traces of saving that all pictures have from which the "
        "networks learnt: it was shrunk, edited or made in another way, and of such "
        "pictures they know nothing."
    )


def _unlike(_signals: Signals) -> str:
    """Return the sentence on features outside of the training distribution."""
    return (
        "What the networks see in the picture lies outside of what they learnt from: "
        "there they can be sure and wrong."
    )


def _kernel(signals: Signals) -> str:
    """Return the sentence on the labels by each resampling kernel."""
    words = {
        label: [name for name, p in signals.kernels.items() if (p[0] >= EVEN) == real]
        for real, label in enumerate(LABELS)
    }
    sides = " but ".join(f"{label} by {', '.join(words[label])}" for label in LABELS)
    return f"The answer follows the way of bringing it to 32x32 pixels: {sides}."


def _weak(signals: Signals) -> str:
    """Return the sentence on a low confidence."""
    return f"Together the networks are only {_sure(signals.p_real)} sure."


def _split(signals: Signals) -> str:
    """Return the sentence on networks with different labels."""
    return f"The networks disagree: {_votes(signals.parts)}."


def _unstable(signals: Signals) -> str:
    """Return the sentence on an answer that small changes overturn."""
    return f"Only {_kept(signals)} leave the answer as it is."


def _trace(signals: Signals) -> str:
    """Return the sentence on a weak trace that the expert finds."""
    return (
        f"The {_names(signals.parts)} find nothing, but have learnt the fakes of "
        f"CIFAKE alone; the {NETWORKS[EXPERT].title} finds a trace of other "
        f"generators, {whole_percent(float(1 - signals.expert[0]))} sure."
    )


def _alone(signals: Signals) -> str:
    """Return the sentence on a FAKE of which the expert finds nothing."""
    return (
        f"The {_names(signals.parts)} say FAKE, but the {NETWORKS[EXPERT].title}, "
        f"which has learnt those fakes, too, says REAL ({_sure(signals.expert)})."
    )


def _names(parts: Mapping[str, Shares]) -> str:
    """Return the titles of networks."""
    return enumerated([NETWORKS[name].title for name in parts])


def _sure(p_real: Shares) -> str:
    """Return the confidence of a probability of REAL, in words."""
    return whole_percent(float(max(p_real[0], 1 - p_real[0])))


def _votes(parts: Mapping[str, Shares]) -> str:
    """Return the label and confidence of each network, in words."""
    return ", ".join(
        f"the {NETWORKS[name].title} says {LABELS[int(p[0] >= EVEN)]} ({_sure(p)})"
        for name, p in parts.items()
    )


def _kept(signals: Signals) -> str:
    """Return the number of changes that leave the answer as it is, in words."""
    return f"{signals.kept[0]} of {signals.num_changes} small changes"


#: Sentence of each reason for abstaining.
_SENTENCES: Final[Mapping[AbstainReason, Callable[[Signals], str]]] = {
    "origin": _origin,
    "unlike": _unlike,
    "kernel": _kernel,
    "weak": _weak,
    "split": _split,
    "unstable": _unstable,
    "trace": _trace,
    "alone": _alone,
}
