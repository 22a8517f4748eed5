"""Networks worked by hand, which stand in for Keras where speed matters."""

import numpy as np
import numpy.typing as npt

from cifake_core.basics.arrays import SIDE, Floats, Rgb32, as_rgb32
from cifake_core.networks import InputKind, NetworkSpec
from cifake_core.networks.inputs import network_input, picture_input
from cifake_core.networks.records import Answers
from cifake_core.pictures.filters import FILTERS
from cifake_core.pictures.preprocessing import prepare
from cifake_core.pictures.records import PreparedPicture

#: What one picture of each kind is to a network.
INPUT_SHAPES = {"rgb": (SIDE, SIDE, 3), "planes": (len(FILTERS), SIDE, SIDE, 1)}

#: Pixels to a side of one place of the map of a `LinearProbe`: 8x8 places.
PLACE = 4


class LinearProbe:
    """A network whose logit is the weighted sum of its input, plus a bias.

    Its layers "places" and "fine places" hold what falls on each 4x4 and each 2x2
    pixels: (8, 8, 2) and (16, 16, 2), after a depth of 6 for "planes". The first
    channel is what raises the logit, the second what lowers it. `calls` keeps the
    number of pictures of each forward pass.
    """

    def __init__(
        self, weights: Floats, *, bias: float = 0.0, name: str = "", sha256: str = "a1"
    ) -> None:
        kind: InputKind = "rgb" if weights.ndim == 3 else "planes"
        self.name = name or {"rgb": "cnn", "planes": "cnn3d"}[kind]
        self.sha256 = sha256
        self.spec = NetworkSpec(
            title="Linear",
            summary="",
            input_kind=kind,
            cam_layer="places",
            fine_layer="fine places",
        )
        self.calls: list[int] = []
        self._weights = weights.astype(np.float32)
        self._bias = bias

    @property
    def parts(self) -> "tuple[LinearProbe, ...]":
        """This network alone."""
        return (self,)

    @property
    def engine(self) -> str:
        """NumPy does it."""
        return f"NumPy {np.__version__}"

    @property
    def weights(self) -> tuple[float, ...]:
        """The network's logit is its own."""
        return (1.0,)

    def logits(self, images: npt.NDArray[np.uint8]) -> Floats:
        """Return (N,) float32 for (N, 32, 32, 3) pictures."""
        return self.logits_of_inputs(self.inputs(images))

    def answers(self, images: npt.NDArray[np.uint8]) -> Answers:
        """Return the logits, also as the one feature; it was taught no objects."""
        logits = self.logits(images)
        return Answers(logits=logits, features=logits[:, None])

    def predict(self, *pictures: PreparedPicture) -> Answers:
        """Return the same for prepared pictures."""
        kind = self.spec.input_kind
        inputs = [picture_input(kind, picture) for picture in pictures]
        logits = self.logits_of_inputs(np.concatenate(inputs))
        return Answers(logits=logits, features=logits[:, None])

    def logits_of_inputs(self, inputs: Floats) -> Floats:
        """Return (N,) float32 for N inputs."""
        self.calls.append(len(inputs))
        shares = inputs * self._weights
        return (shares.reshape(len(inputs), -1).sum(axis=1) + self._bias).astype("f4")

    def inputs(self, images: npt.NDArray[np.uint8]) -> Floats:
        """Return what the network is fed."""
        return network_input(self.spec.input_kind, images)

    def gradients(self, inputs: Floats) -> Floats:
        """Return the weights, whatever the inputs."""
        return np.broadcast_to(self._weights, inputs.shape)

    def activations(self, picture: PreparedPicture) -> dict[str, tuple[Floats, Floats]]:
        """Return what raises and what lowers the logit on each place, and 1 and -1."""
        shares = (picture_input(self.spec.input_kind, picture)[0] * self._weights).sum(
            axis=-1
        )
        parts = np.stack([np.maximum(shares, 0), np.maximum(-shares, 0)], axis=-1)
        maps = {
            layer: parts.reshape(*shares.shape[:-2], side, size, side, size, 2).sum(
                axis=(-4, -2)
            )
            for layer, side, size in (
                ("fine places", 2 * SIDE // PLACE, PLACE // 2),
                ("places", SIDE // PLACE, PLACE),
            )
        }
        signs = np.array([1, -1], np.float32)
        return {
            layer: (places, np.broadcast_to(signs, places.shape))
            for layer, places in maps.items()
        }


def random_probe(kind: InputKind, seed: int, *, name: str = "") -> LinearProbe:
    """Return a network with small random weights of both signs."""
    weights = np.random.RandomState(seed).normal(0, 1e-3, INPUT_SHAPES[kind])
    return LinearProbe(weights, name=name, sha256=f"{seed:064}")


def constant_probe(kind: InputKind, logit: float) -> LinearProbe:
    """Return a network that says `logit` of every picture."""
    return LinearProbe(np.zeros(INPUT_SHAPES[kind]), bias=logit)


def noise(seed: int = 3) -> Rgb32:
    """Return a random (32, 32, 3) picture."""
    random = np.random.RandomState(seed)
    return as_rgb32(random.randint(0, 256, (SIDE, SIDE, 3)).astype(np.uint8))


def noise_picture(seed: int = 3) -> PreparedPicture:
    """Return the same picture, prepared."""
    return prepare(noise(seed))


def checker() -> npt.NDArray[np.int64]:
    """Return +1 and -1 in turn, (32, 32)."""
    return 1 - 2 * (np.indices((SIDE, SIDE)).sum(axis=0) % 2)
