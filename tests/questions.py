"""How tests ask a method for its evidence, before it is scaled."""

from cifake_core.basics.arrays import Rgb
from cifake_core.basics.labels import Label
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.explainer import Question, RawMap
from cifake_core.networks.protocols import Scorer
from cifake_core.pictures.preprocessing import prepare


def find(  # noqa: PLR0913 - as an explainer is asked
    method: str,
    network: Scorer,
    image: Rgb,
    *,
    label: Label = "REAL",
    seed: int = 0,
    settings: dict[str, int] | None = None,
) -> RawMap:
    """Return what `method` finds, in the units of the score."""
    explainer = EXPLAINERS[method]
    return explainer.method(
        Question(
            network=network,
            picture=prepare(image),
            label=label,
            seed=seed,
            settings=explainer.complete(settings or {}),
            progress=lambda _share: None,
        )
    )
