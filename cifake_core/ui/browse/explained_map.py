"""One heat map that a visitor asks for."""

from collections.abc import Mapping
from dataclasses import dataclass

from cifake_core.basics.labels import Label
from cifake_core.explain import EXPLAINERS
from cifake_core.networks import NETWORKS


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """One map that is asked for; `settings` are those of its method."""

    network: str
    method: str
    label: Label
    settings: Mapping[str, int]

    @property
    def title(self) -> str:
        """What the map is, in words."""
        method, network = EXPLAINERS[self.method].title, NETWORKS[self.network].title
        return f"{method} of the {network}, evidence for {self.label}"
