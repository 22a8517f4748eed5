"""What tests study: linear networks that go by colour, and pictures for them."""

import numpy as np
import pytest

from cifake_core.basics.arrays import SIDE
from cifake_core.data.cifake import Split
from cifake_core.explain import EXPLAINERS
from cifake_core.networks import InputKind
from cifake_core.networks.ensemble import Ensemble
from cifake_core.trust import study, trials
from cifake_core.trust.trials import StudyConfig, Subjects
from tests.fakes import INPUT_SHAPES, LinearProbe

#: Methods that score no changed pictures.
FAST = ("gradcam", "gradient_input")
#: A study of seconds; with 12 patches there is one of each kind.
SMALL = StudyConfig(
    num_pictures=4,
    num_random_maps=2,
    num_samples=100,
    num_splices=12,
    num_sanity_pictures=2,
)


def colour_probe(kind: InputKind, seed: int, *, name: str = "") -> LinearProbe:
    """Return a network that calls REAL what is greener than it is red, or grey."""
    strength = np.random.RandomState(seed).uniform(0.5, 1.5, (SIDE, SIDE)) / 1e4
    weights = np.zeros(INPUT_SHAPES[kind])
    if kind == "rgb":
        weights[..., 1], weights[..., 0] = strength, -strength
    else:
        weights[0, ..., 0], weights[3, ..., 0] = strength, -strength
    return LinearProbe(weights, name=name, sha256=f"{seed:064}")


def coloured(name: str, each: int = 6) -> Split:
    """Return `each` pictures of a label and class: REAL is green, FAKE is red.

    Every fourth is the other way round, so that all networks get it wrong.
    """
    count = 20 * each
    labels = np.repeat([0, 1], count // 2).astype(np.int8)
    green = (labels == 1) ^ (np.arange(count) % 4 == 0)
    images = np.random.RandomState(each).randint(60, 120, (count, SIDE, SIDE, 3))
    images[green, ..., 1] += 60
    images[~green, ..., 0] += 60
    return Split(
        name=name,
        images=images.astype(np.uint8),
        labels=labels,
        object_classes=(np.arange(count) % 10).astype(np.int8),
        hashes=np.array([f"{name} {number}" for number in range(count)]),
        members=np.array([f"{name}/{number}.jpg" for number in range(count)]),
    )


class LinearCascade:
    """A network that is another linear one after each step of forgetting."""

    def __init__(
        self, kind: InputKind, layers: tuple[str, ...], *, name: str = ""
    ) -> None:
        self.layers = layers
        self._kind = kind
        self._name = name

    def network(self, count: int) -> LinearProbe:
        """Return the network after `count` steps."""
        return colour_probe(self._kind, 100 + count, name=self._name)


def subjects() -> Subjects:
    """Return two linear networks, their ensemble, and 120 test pictures."""
    members = [colour_probe("rgb", 1), colour_probe("planes", 2)]
    ensemble = Ensemble("ensemble", members, weights=(0.5, 0.5))
    return Subjects(
        networks={network.name: network for network in (*members, ensemble)},
        cascades={
            "cnn": LinearCascade("rgb", ("top", "bottom")),
            "cnn3d": LinearCascade("planes", ("head", "middle", "foot")),
        },
        test=coloured("test"),
        train=coloured("train", 1),
    )


def few_methods(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let studies try the `FAST` methods alone."""
    for module in (study, trials):
        few = {method: EXPLAINERS[method] for method in FAST}
        monkeypatch.setattr(module, "EXPLAINERS", few)
