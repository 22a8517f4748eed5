"""The table of explainers: how each is called, read aloud and where it applies."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from cifake_core.arrays import Rgb
from cifake_core.explain.cam import gradcam
from cifake_core.explain.gradient import gradient_input
from cifake_core.explain.superpixels import lime
from cifake_core.networks.protocols import Scorer
from cifake_core.results import Explanation, Label


class Explain(Protocol):
    """The one shape of every explainer."""

    def __call__(
        self, network: Scorer, image: Rgb, *, label: Label, seed: int = 0
    ) -> Explanation:
        """Return why `network` would call the (32, 32, 3) uint8 `image` `label`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Explainer:
    """One method; `shows` says how to read its map, `networks` where it applies."""

    title: str
    shows: str
    explain: Explain
    networks: tuple[str, ...] = ("cnn", "cnn3d", "ensemble")


#: In menu order.
EXPLAINERS: Final[Mapping[str, Explainer]] = {
    "gradcam": Explainer(
        title="Grad-CAM",
        shows="The brighter a region, the more it spoke for the label.",
        explain=gradcam,
    ),
    "gradient_input": Explainer(
        title="Gradient x input",
        shows="Each pixel's push towards the label, or away from it.",
        explain=gradient_input,
        networks=("cnn", "cnn3d"),
    ),
    "lime": Explainer(
        title="LIME",
        shows="Which pieces of the picture the label leans on, and which weaken it.",
        explain=lime,
    ),
}
