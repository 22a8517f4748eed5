"""Pictures by our own generators, the same ones for the same seed.

Each picture is drawn from the seed and its number alone, so the first ten of a
thousand are those of ten. Seeds for training networks, for choosing among them and
for testing them are apart: see `catalogue.SEEDS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np
import numpy.typing as npt
from keras import ops

from cifake_core.basics.arrays import SIDE, Floats
from cifake_core.basics.errors import SettingError
from cifake_core.basics.progress import ProgressCallback, tell_nobody
from cifake_core.generators import autoencoder, diffusion, masked, weights
from cifake_core.generators.blocks import NO_CLASS, NUM_CLASSES
from cifake_core.generators.catalogue import Kind, generator
from cifake_core.generators.differentiation import forward
from cifake_core.generators.gan import LATENT

#: Pictures drawn at once: always as many, since sums depend on how they are batched.
BATCH: Final = 50
_DENOISING_STEPS: Final = 30
_FILLING_STEPS: Final = 16
_FILLING_CHANCE: Final = 10.0
_FLOW_TEMPERATURE: Final = 0.8

#: From sources of randomness, classes and photographs, -1 to 1, to pictures.
_Drawer = Callable[[list[np.random.Generator], Any, Floats], Floats]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Samples:
    """Pictures by one generator.

    `images` is (N, 32, 32, 3) uint8; `classes` (N,) int32 are the object classes
    asked for: the ten in turns. Nobody asks for them where photographs pass through.
    """

    name: str
    seed: int
    images: npt.NDArray[np.uint8]
    classes: npt.NDArray[np.int32]


class Sampler:
    """A trained generator, loaded once, that draws pictures by seed.

    Args:
        name: a generator.
        models: the folder of generators.
        strength: the share of noise, 0 to 1, where photographs pass through
            diffusion.
        batch: pictures drawn at once; another number gives pictures that differ by
            rounding.

    Raises:
        UnknownNameError: If there is no such generator.
        SettingError: If the strength is out of range.
        ModelUnavailableError: If the generator is not trained.
    """

    def __init__(
        self, name: str, models: Path, *, strength: float = 0.3, batch: int = BATCH
    ) -> None:
        self.kind: Kind = generator(name).kind
        if not 0 < strength < 1:
            msg = f"Expected a strength between 0 and 1. Received {strength}."
            raise SettingError(msg)
        self.name = name
        self._batch = batch
        self._draw = _drawer(name, models, strength)

    def sample(
        self,
        *,
        n: int,
        seed: int,
        photographs: npt.NDArray[np.uint8] | None = None,
        progress: ProgressCallback = tell_nobody,
    ) -> Samples:
        """Pictures of the generator.

        Args:
            n: how many.
            seed: the same seed gives the same pictures; see `catalogue.SEEDS`.
            photographs: (n, 32, 32, 3) uint8, what is passed through a generator
                that needs photographs; picture i comes of photograph i.
            progress: told the share that is done.

        Raises:
            SettingError: If n or the seed is out of range, or photographs are missing.
        """
        check_request(self.name, n=n, seed=seed, photographs=photographs)
        images = np.empty((n, SIDE, SIDE, 3), np.uint8)
        for start in range(0, n, self._batch):
            part = None if photographs is None else photographs[start:]
            drawn = self._batch_from(start, seed, part)
            images[start : start + self._batch] = drawn[: n - start]
            progress(min(1.0, (start + self._batch) / n))
        classes = (np.arange(n) % NUM_CLASSES).astype(np.int32)
        return Samples(name=self.name, seed=seed, images=images, classes=classes)

    def _batch_from(
        self, start: int, seed: int, photographs: npt.NDArray[np.uint8] | None
    ) -> npt.NDArray[np.uint8]:
        """A whole batch of pictures from number `start`, of the first photographs."""
        numbers = np.arange(start, start + self._batch)
        sources = [np.random.default_rng([seed, i]) for i in numbers.tolist()]
        given = np.zeros((self._batch, SIDE, SIDE, 3), np.uint8)
        if photographs is not None:
            part = photographs[: self._batch]
            given[: len(part)] = part
        wanted = (numbers % NUM_CLASSES).astype(np.int32)
        return pixels(self._draw(sources, wanted, given.astype(np.float32) / 127.5 - 1))


def pixels(drawn: Floats) -> npt.NDArray[np.uint8]:
    """Pictures of numbers -1 to 1, as whole numbers 0 to 255."""
    return np.clip(np.rint((drawn + 1) * 127.5), 0, 255).astype(np.uint8)


def check_request(
    name: str, *, n: int, seed: int, photographs: npt.NDArray[np.uint8] | None
) -> None:
    """Check of what is asked of a generator, before it is loaded.

    Raises:
        SettingError: Unless the question makes sense.
    """
    if n < 1:
        msg = f"Expected at least 1 picture. Received {n}."
        raise SettingError(msg)
    if seed < 0:
        msg = f"Expected a seed of 0 or more. Received {seed}."
        raise SettingError(msg)
    kind = generator(name).kind
    given = None if photographs is None else len(photographs)
    if given != (n if kind == "photograph" else None):
        msg = (
            f"{name!r} makes pictures from {kind}s and was to make {n}. "
            f"Received {given or 'no'} photographs."
        )
        raise SettingError(msg)


def _drawer(name: str, models: Path, strength: float) -> _Drawer:
    """What draws a batch of pictures, its networks loaded."""
    match name:
        case "gan_transposed" | "gan_resize":
            return _adversarial(weights.load(name, models)["generator"])
        case "diffusion":
            return _diffusing(weights.load(name, models)["network"], None)
        case "diffusion_pass":
            return _diffusing(weights.load("diffusion", models)["network"], strength)
        case "vqgan":
            coder = weights.load("vq_autoencoder", models)
            return _filling(weights.load(name, models)["network"], coder["decoder"])
        case "flow":
            return _flowing(weights.load(name, models)["network"])
        case _:
            quantised = name == "vq_autoencoder"
            return _recoding(weights.load(name, models), quantised=quantised)


def _adversarial(network: keras.Model) -> _Drawer:
    """Pictures of a GAN."""
    call = forward(lambda z, label: network([z, label], training=False), network)

    def draw(
        sources: list[np.random.Generator],
        classes: npt.NDArray[np.int32],
        _: Floats,
    ) -> Floats:
        return call(_noise(sources, (LATENT,)), classes)

    return draw


def _diffusing(network: keras.Model, strength: float | None) -> _Drawer:
    """Pictures of the diffusion model, from noise or from photographs."""
    call = forward(lambda *inputs: network(list(inputs), training=False), network)

    def draw(
        sources: list[np.random.Generator],
        classes: npt.NDArray[np.int32],
        photographs: Floats,
    ) -> Floats:
        noise = _noise(sources, (SIDE, SIDE, 3))
        if strength is None:
            return diffusion.denoised(
                call, noise, classes, start=1.0, steps=_DENOISING_STEPS
            )
        noisy = diffusion.noised(photographs, noise, time=strength)
        steps = max(2, round(_DENOISING_STEPS * strength))
        unknown = np.full_like(classes, NO_CLASS)
        return diffusion.denoised(call, noisy, unknown, start=strength, steps=steps)

    return draw


def _filling(network: keras.Model, decoder: keras.Model) -> _Drawer:
    """Pictures of codes that a transformer fills in."""
    guess = forward(lambda *inputs: network(list(inputs), training=False), network)
    decode = forward(lambda latent: decoder(latent, training=False), decoder)

    def draw(
        sources: list[np.random.Generator],
        classes: npt.NDArray[np.int32],
        _: Floats,
    ) -> Floats:
        numbers = masked.filled_in(
            guess, classes, sources, steps=_FILLING_STEPS, temperature=_FILLING_CHANCE
        )
        return decode(autoencoder.scaled(autoencoder.uncoded(numbers, 8)))

    return draw


def _flowing(network: keras.Model) -> _Drawer:
    """Pictures of a flow."""
    call = forward(network.inverse, network)

    def draw(
        sources: list[np.random.Generator], _: npt.NDArray[np.int32], __: Floats
    ) -> Floats:
        return call(_FLOW_TEMPERATURE * _noise(sources, (SIDE * SIDE * 3,)))

    return draw


def _recoding(parts: Mapping[str, keras.Model], *, quantised: bool) -> _Drawer:
    """Photographs as an autoencoder gives them back."""
    encoder, decoder = parts["encoder"], parts["decoder"]

    def encoded(images: Any) -> Any:  # noqa: ANN401 - a tensor
        found = encoder(images, training=False)
        if quantised:
            return autoencoder.scaled(ops.round(autoencoder.bounds(found)))
        return ops.split(found, 2, axis=-1)[0]

    encode = forward(encoded, encoder)
    decode = forward(lambda latent: decoder(latent, training=False), decoder)

    def draw(
        _: list[np.random.Generator], __: npt.NDArray[np.int32], photographs: Floats
    ) -> Floats:
        return decode(encode(photographs))

    return draw


def _noise(sources: list[np.random.Generator], shape: tuple[int, ...]) -> Floats:
    """Standard normal noise, one picture from each source."""
    return np.stack([each.standard_normal(shape, np.float32) for each in sources])
