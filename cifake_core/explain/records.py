"""Records of explanations: heat maps and Shapley values of channels."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import Floats
from cifake_core.basics.labels import Label


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Explanation:
    """Heat map of the evidence for `label` in one picture, and how it was computed.

    `heatmap` is (H, W) float32 on the pixels of the image: 0 to 1, or -1 to 1
    if `signed`, where a negative pixel speaks against `label`. `plane_maps`,
    where the method gives them, is (6, H, W) float32 on the six filtered planes
    and on one common scale with the same sign rule.
    """

    heatmap: Floats
    label: Label
    signed: bool
    method: str
    network: str
    model_sha256: str
    seed: int
    seconds: float
    settings: Mapping[str, float | str]
    plane_maps: Floats | None = None

    @property
    def values(self) -> Floats:
        """(H, W) the map as it is written and hashed: little-endian float32."""
        return self.heatmap.astype("<f4")

    @property
    def sha256(self) -> str:
        """SHA-256 of the map's values."""
        return hashlib.sha256(self.values.tobytes()).hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ChannelValues:
    """Shapley values of the filtered channels of one picture for the score of `label`.

    The score is the network's logit for REAL, or its negative for FAKE: `full` for
    the picture, `baseline` with every channel left out. `values` are the channels'
    exact Shapley values, which add up to `full - baseline`; `drops` is by how much
    the score falls if that channel alone is left out. Both are (6,) float64 in the
    order of `filters.FILTERS`. `replacement` names what stands where a channel is
    left out, and `seed` drew it.
    """

    values: npt.NDArray[np.float64]
    drops: npt.NDArray[np.float64]
    baseline: float
    full: float
    label: Label
    network: str
    model_sha256: str
    replacement: str
    seed: int
    seconds: float
