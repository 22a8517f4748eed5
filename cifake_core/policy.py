"""From the networks' opinions to the word the product stands by."""

from collections.abc import Mapping

from cifake_core.networks import NETWORKS
from cifake_core.results import Opinion, Prepared, Ruling


def rule(
    opinions: Mapping[str, Opinion], prepared: Prepared
) -> tuple[Ruling, tuple[str, ...]]:
    """Return the ruling and, if it is UNSURE, a sentence for each reason.

    Args:
        opinions: at least one, by network.
        prepared: the picture they were asked about.
    """
    reasons: list[str] = []
    labels = {opinion.label for opinion in opinions.values()}
    if len(labels) > 1:
        single = [o for o in opinions.values() if not NETWORKS[o.network].members]
        words = ", ".join(map(_word, single))
        reasons.append(f"The networks disagree: {words}.")
    if prepared.was_resized:
        reasons.append(
            f"The picture is {prepared.original_width}x{prepared.original_height} "
            "pixels. The networks know only pictures made at 32x32, and shrinking "
            "or enlarging changes the traces they look for."
        )
    return ("UNSURE" if reasons else labels.pop()), tuple(reasons)


def _word(opinion: Opinion) -> str:
    """Return what one network says, for a list."""
    title = NETWORKS[opinion.network].title
    sure = f"{opinion.confidence:.0%}" if opinion.confidence < 0.99 else "over 99%"
    return f"the {title} says {opinion.label} ({sure})"
