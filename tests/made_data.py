"""A data set made by hand: 60 test pictures and 20 to train on, half of them FAKE."""

from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from cifake_core.basics.arrays import SIDE, Rgb

NUM_TEST_PICTURES: Final = 60
NUM_TRAINING: Final = 20
#: Mean colours, red, green, blue: what tells the labels apart.
_COLOURS: Final = {"FAKE": (170, 90, 80), "REAL": (80, 150, 100)}
#: What the files' names say of the object: test pictures show cats, the others dogs.
_CAT, _DOG = 4, 6


def picture(label: str = "REAL", seed: int = 1, *, side: int = SIDE) -> Rgb:
    """A grainy picture in the colour of a label."""
    random = np.random.RandomState(seed)
    pixels = random.normal(0, 30, (side, side, 3)) + _COLOURS[label]
    return np.clip(pixels, 0, 255).astype(np.uint8)


def even(red: int, green: int, blue: int) -> Rgb:
    """A picture of one colour."""
    return np.full((SIDE, SIDE, 3), (red, green, blue), np.uint8)


def noise(seed: int = 1, *, height: int = SIDE, width: int = SIDE) -> Rgb:
    """A picture of random pixels, as no camera and no generator makes it."""
    random = np.random.RandomState(seed)
    return random.randint(0, 256, (height, width, 3)).astype(np.uint8)


def png(image: Rgb) -> bytes:
    """A picture as the bytes of a PNG file."""
    return saved(image, "PNG")


def jpeg(image: Rgb, *, quality: int = 75) -> bytes:
    """A picture as JPEG, by default of the quality of CIFAKE's files."""
    return saved(image, "JPEG", quality=quality)


def write(root: Path) -> Path:
    """Write the data set, laid out and named like CIFAKE; return its folder.

    The first test picture also stands in the training set.
    """
    for split, total, kind in (
        ("test", NUM_TEST_PICTURES, _CAT),
        ("train", NUM_TRAINING, _DOG),
    ):
        for number, label in enumerate(("FAKE", "REAL")):
            folder = root / split / label
            folder.mkdir(parents=True)
            for index in range(total // 2):
                seed = 1000 * len(split) + 100 * number + index
                data = jpeg(picture(label, seed))
                (folder / f"{index:04} ({kind}).jpg").write_bytes(data)
    leaked = (root / "test" / "FAKE" / f"0000 ({_CAT}).jpg").read_bytes()
    (root / "train" / "FAKE" / f"0000 ({_DOG}).jpg").write_bytes(leaked)
    return root


def saved(image: Rgb, kind: str, **settings: object) -> bytes:
    """A picture as the bytes of a file of this format, with Pillow's settings."""
    file = BytesIO()
    Image.fromarray(image).save(file, kind, **settings)
    return file.getvalue()
