# noqa: INP001 - a script, not part of a package
"""Make the sample pictures in `samples/` and their list, `samples.json`.

Run `python -m assets.make_samples` in the checkout; the same versions of
scikit-image and Pillow write the same bytes. The photographs come with the
scikit-image package, which gives their licences in the docstrings of
`skimage.data`; only those in the public domain or under CC0 are taken.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from PIL import Image
from skimage import data

from cifake_core.basics.arrays import Rgb
from cifake_core.basics.places import CHECKOUT
from cifake_core.generators import gallery, service
from cifake_core.pictures.preprocessing import crop_and_resize

_FOLDER: Final = Path(__file__).resolve().parent
_CC0 = "CC0 1.0"
_PUBLIC_DOMAIN = "Public domain"
_MIT = "MIT, as the code"
_DRAWN = "Drawn by assets/make_samples.py"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """A picture to write: what it is called, shows and comes from."""

    file: str
    title: str
    alt: str
    source: str
    licence: str
    make: Callable[[], Rgb]


def draw_disc() -> Rgb:
    """Return a shaded disc over a sky-like gradient, (256, 256, 3) uint8."""
    rows, columns = np.mgrid[0:256, 0:256] / 255.0
    sky = np.dstack([90 + 60 * rows, 140 + 60 * rows, 230 - 30 * rows])
    shade = np.clip(1.1 - np.hypot(rows - 0.35, columns - 0.4), 0, 1)[..., np.newaxis]
    distance = np.hypot(rows - 0.5, columns - 0.5)[..., np.newaxis]
    edge = np.clip((0.32 - distance) * 128 + 0.5, 0, 1)
    return _round(sky * (1 - edge) + np.array([250, 140, 40]) * shade * edge)


def draw_checkerboard() -> Rgb:
    """Return a checkerboard under Gaussian noise, (32, 32, 3) uint8."""
    rows, columns = np.indices((32, 32)) // 4
    board = np.where((rows + columns) % 2, 200.0, 60.0)[..., np.newaxis]
    noise = np.random.RandomState(20).normal(0, 15, (32, 32, 3))
    return _round(board + noise)


def draw_waves() -> Rgb:
    """Return three crossing colour waves, (200, 300, 3) uint8."""
    rows, columns = np.mgrid[0:200, 0:300] / 100.0
    waves = [
        np.sin(6 * columns + 2 * rows),
        np.sin(9 * rows),
        np.sin(7 * rows * columns),
    ]
    return _round(127.5 + 110 * np.dstack(waves))


def _generated(name: str, number: int) -> Rgb:
    """Return a picture that a generator of ours drew from noise, (32, 32, 3) uint8."""
    return gallery.read(name, CHECKOUT / "models" / service.FOLDER).images[number]


def _round(values: np.ndarray) -> Rgb:
    """Return `values` as pixels, clipped to 0 to 255."""
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _halve(image: Rgb) -> Rgb:
    """Return `image` at half its size."""
    return np.asarray(
        cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    )


SAMPLES: Final = (
    Sample(
        file="cat.jpg",
        title="Cat",
        alt="The face of a ginger tabby cat with green eyes.",
        source="skimage.data.chelsea, photograph by Stefan van der Walt",
        licence=_CC0,
        make=data.chelsea,
    ),
    Sample(
        file="cat_32.png",
        title="Cat, 32x32",
        alt="The same cat at 32x32 pixels, eyes and nose.",
        source="skimage.data.chelsea, photograph by Stefan van der Walt, shrunk",
        licence=_CC0,
        make=lambda: crop_and_resize(data.chelsea()),
    ),
    Sample(
        file="rocket.jpg",
        title="Rocket",
        alt="A white rocket on its launch pad at dusk, between four lattice towers.",
        source="skimage.data.rocket, photograph by SpaceX (DSCOVR on Falcon 9)",
        licence=_PUBLIC_DOMAIN,
        make=data.rocket,
    ),
    Sample(
        file="rocket_32.png",
        title="Rocket, 32x32",
        alt="The same rocket at 32x32 pixels.",
        source="skimage.data.rocket, photograph by SpaceX, shrunk",
        licence=_PUBLIC_DOMAIN,
        make=lambda: crop_and_resize(data.rocket()),
    ),
    Sample(
        file="astronaut.jpg",
        title="Astronaut",
        alt="A smiling astronaut in an orange suit before a flag and a shuttle model.",
        source="skimage.data.astronaut, portrait of Eileen Collins by NASA, halved",
        licence=_PUBLIC_DOMAIN,
        make=lambda: _halve(data.astronaut()),
    ),
    Sample(
        file="astronaut_32.png",
        title="Astronaut, 32x32",
        alt="The same astronaut at 32x32 pixels.",
        source="skimage.data.astronaut, portrait of Eileen Collins by NASA, shrunk",
        licence=_PUBLIC_DOMAIN,
        make=lambda: crop_and_resize(data.astronaut()),
    ),
    Sample(
        file="coffee.jpg",
        title="Coffee",
        alt="A cup of espresso with a spoon on a red saucer.",
        source="skimage.data.coffee, photograph by Rachel Michetti",
        licence=_CC0,
        make=data.coffee,
    ),
    Sample(
        file="camera.jpg",
        title="Photographer",
        alt="A man in a dark coat looking through a camera on a tripod, in greyscale.",
        source="skimage.data.camera, photograph by Lav Varshney",
        licence=_CC0,
        make=lambda: np.dstack([data.camera()] * 3),
    ),
    Sample(
        file="disc.png",
        title="Drawn disc",
        alt="An orange shaded disc on a blue gradient.",
        source=_DRAWN,
        licence=_MIT,
        make=draw_disc,
    ),
    Sample(
        file="checkerboard_32.png",
        title="Drawn checkerboard, 32x32",
        alt="A grey checkerboard under coloured noise, at 32x32 pixels.",
        source=_DRAWN,
        licence=_MIT,
        make=draw_checkerboard,
    ),
    Sample(
        file="waves.jpg",
        title="Drawn waves",
        alt="Crossing waves of red, green and blue.",
        source=_DRAWN,
        licence=_MIT,
        make=draw_waves,
    ),
    Sample(
        file="fake_gan_32.png",
        title="FAKE by our GAN, 32x32",
        alt="A brown horse seen from the side, drawn by a GAN, at 32x32 pixels.",
        source="Drawn from noise by models/generators/gan_resize, seed 3000",
        licence=_MIT,
        make=lambda: _generated("gan_resize", 37),
    ),
    Sample(
        file="fake_diffusion_32.png",
        title="FAKE by our diffusion model, 32x32",
        alt="A red lorry, drawn by a diffusion model, at 32x32 pixels.",
        source="Drawn from noise by models/generators/diffusion, seed 3000",
        licence=_MIT,
        make=lambda: _generated("diffusion", 19),
    ),
)


def main() -> None:
    """Write every picture and the list."""
    folder = _FOLDER / "samples"
    folder.mkdir(exist_ok=True)
    entries = []
    for sample in SAMPLES:
        image = Image.fromarray(sample.make())
        image.save(folder / sample.file, quality=88, optimize=True)
        keys = ("file", "title", "alt", "source", "licence")
        entries.append({key: getattr(sample, key) for key in keys})
    text = json.dumps(entries, indent=2, ensure_ascii=False)
    (_FOLDER / "samples.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
