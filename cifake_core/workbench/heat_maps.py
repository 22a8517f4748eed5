"""Heat maps as doors hand them to a program: the label asked for, hash and facts."""

from collections.abc import Sequence
from typing import Any, Final

from cifake_core.basics.arrays import SIDE
from cifake_core.basics.labels import LABELS, Label
from cifake_core.explain.records import Explanation
from cifake_core.pictures.records import PreparedPicture
from cifake_core.trust.measure import Trust, by_replacement, trust_to_json
from cifake_core.workbench.workbench import Workbench

_OPACITY: Final = 0.6
#: Pixels of a side.
_SIZE: Final = 16 * SIDE


def own_label(bench: Workbench, network: str, picture: PreparedPicture) -> Label:
    """A network's own label of a picture; a tie is REAL.

    Raises:
        ModelUnavailableError: If the network's weights cannot be used.
    """
    logits = bench.pool.network(network).logits(picture.pixels[None])
    return LABELS[int(logits[0] >= 0)]


def overlay_png(picture: PreparedPicture, explanation: Explanation) -> bytes:
    """The map over the picture, enlarged, as a PNG file."""
    from cifake_core import figures  # noqa: PLC0415 - imports slowly

    return figures.png_bytes(
        figures.overlay(picture.pixels, explanation, opacity=_OPACITY, size=_SIZE)
    )


def map_facts(
    explanation: Explanation, trust: Trust, *, knows: Sequence[str]
) -> dict[str, Any]:  # of JSON values
    """Facts of a heat map as JSON values, for a program.

    The areas are means over what stands where pixels are taken away, of which each
    has its own in `replacements`; they are in units of the logit.

    Args:
        explanation: the map.
        trust: its trust score.
        knows: the generators from whose fakes the network has learnt.
    """
    return {
        "network": explanation.network,
        "method": explanation.method,
        "label": explanation.label,
        "seed": explanation.seed,
        "settings": dict(explanation.settings),
        "heatmap_sha256": explanation.sha256,
        **trust_to_json(trust),
        "replacements": {
            name: trust_to_json(part) for name, part in by_replacement(trust).items()
        },
        "seconds": explanation.seconds,
        "knows": list(knows),
    }
