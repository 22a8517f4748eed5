"""Explanation of one prediction: any method of `EXPLAINERS`, for any network."""

from collections.abc import Mapping

from cifake_core.basics.labels import Label
from cifake_core.basics.progress import ProgressCallback, tell_nobody
from cifake_core.basics.registry import lookup
from cifake_core.explain.records import Explanation
from cifake_core.explain.registry import EXPLAINERS
from cifake_core.networks.protocols import Scorer
from cifake_core.pictures.records import PreparedPicture


def explain(  # noqa: PLR0913 - what, by whom and how: by keyword
    network: Scorer,
    picture: PreparedPicture,
    *,
    method: str,
    label: Label,
    seed: int = 0,
    settings: Mapping[str, int] | None = None,
    progress: ProgressCallback = tell_nobody,
) -> Explanation:
    """Return the heat map of the evidence for `label` in a picture.

    Args:
        network: a trained network or ensemble.
        picture: the picture that is explained; the map is on its 32x32 pixels.
        method: a name of `EXPLAINERS`.
        label: what the evidence is for.
        seed: repeats the map of a method that draws at random.
        settings: those of the method that are not to have their default.
        progress: told the share done, 0 to 1. What it raises stops the work and
            comes through; nothing is kept.

    Raises:
        SettingError: If a setting is out of its range.
        UnknownNameError: If a name is unknown.
    """
    explainer = lookup(EXPLAINERS, method, kind="method")
    return explainer.explain(
        network,
        picture,
        label=label,
        seed=seed,
        settings=settings,
        progress=progress,
    )
