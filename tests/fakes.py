"""Networks worked by hand, which stand in for Keras where speed matters."""

import numpy as np
import numpy.typing as npt

from cifake_core.arrays import SIDE, Floats, Rgb
from cifake_core.filters import FILTERS
from cifake_core.networks import InputKind, NetworkSpec
from cifake_core.networks.inputs import network_input
from cifake_core.results import Answers

#: What one picture of each kind is to a network.
INPUT_SHAPES = {"rgb": (SIDE, SIDE, 3), "planes": (len(FILTERS), SIDE, SIDE, 1)}

#: Pixels to a side of one place of the map of a `LinearProbe`: 8x8 places.
PLACE = 4


class LinearProbe:
    """A network whose logit is the weighted sum of its input, plus a bias.

    Its explained layer holds the part of that sum that falls on each 4x4 pixels:
    (8, 8, 1) for "rgb" and (6, 8, 8, 1) for "planes". `calls` keeps the number of
    pictures of each forward pass.
    """

    def __init__(
        self, weights: Floats, *, bias: float = 0.0, name: str = "", sha256: str = "a1"
    ) -> None:
        kind: InputKind = "rgb" if weights.ndim == 3 else "planes"
        self.name = name or {"rgb": "cnn", "planes": "cnn3d"}[kind]
        self.sha256 = sha256
        self.spec = NetworkSpec(
            title="Linear", summary="", input_kind=kind, cam_layer="places"
        )
        self.calls: list[int] = []
        self._weights = weights.astype(np.float32)
        self._bias = bias

    @property
    def parts(self) -> "tuple[LinearProbe, ...]":
        """This network alone."""
        return (self,)

    @property
    def weights(self) -> tuple[float, ...]:
        """The network's logit is its own."""
        return (1.0,)

    def logits(self, images: npt.NDArray[np.uint8]) -> Floats:
        """Return (N,) float32 for (N, 32, 32, 3) pictures."""
        return self.logits_of_inputs(network_input(self.spec.input_kind, images))

    def answers(self, images: npt.NDArray[np.uint8]) -> Answers:
        """Return the logits; nobody taught this network what objects are."""
        return Answers(logits=self.logits(images))

    def logits_of_inputs(self, inputs: Floats) -> Floats:
        """Return (N,) float32 for N inputs."""
        self.calls.append(len(inputs))
        shares = inputs * self._weights
        return (shares.reshape(len(inputs), -1).sum(axis=1) + self._bias).astype("f4")

    def activations(self, image: Rgb) -> tuple[Floats, Floats, float]:
        """Return the sum on each place, ones, and the logit."""
        shares = (self._inputs(image) * self._weights).sum(axis=-1)
        places = shares.reshape(-1, SIDE // PLACE, PLACE, SIDE // PLACE, PLACE)
        places = places.sum(axis=(2, 4))[..., None]
        if self.spec.input_kind == "rgb":
            places = places[0]
        return places, np.ones_like(places), float(self.logits(image[None])[0])

    def input_gradient(self, image: Rgb) -> tuple[Floats, Floats]:
        """Return the input and the weights."""
        return self._inputs(image), self._weights

    def _inputs(self, image: Rgb) -> Floats:
        return network_input(self.spec.input_kind, image[None])[0]


def random_probe(kind: InputKind, seed: int) -> LinearProbe:
    """Return a network with small random weights of both signs."""
    weights = np.random.RandomState(seed).normal(0, 1e-3, INPUT_SHAPES[kind])
    return LinearProbe(weights, sha256=f"{seed:064}")


def constant_probe(kind: InputKind, logit: float) -> LinearProbe:
    """Return a network that says `logit` of every picture."""
    return LinearProbe(np.zeros(INPUT_SHAPES[kind]), bias=logit)


def noise(seed: int = 3) -> Rgb:
    """Return a random (32, 32, 3) picture."""
    random = np.random.RandomState(seed)
    return random.randint(0, 256, (SIDE, SIDE, 3)).astype(np.uint8)
