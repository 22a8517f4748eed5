"""Pictures in and out: how they are saved, which photographs, and the distance."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from cifake_core.basics.errors import SettingError, UnknownNameError
from cifake_core.generators import files
from cifake_core.generators.distance import frechet
from cifake_core.generators.photographs import to_learn_from, to_pass_through


def test_pictures_are_saved_as_those_of_cifake_are():
    """JPEG has the tables of quality 75 and half the colour; PNG loses nothing."""
    image = np.random.default_rng(0).integers(0, 256, (32, 32, 3)).astype(np.uint8)

    jpeg = Image.open(BytesIO(files.encoded(image, "jpeg")))
    reference = BytesIO()
    Image.fromarray(image).save(reference, "JPEG", quality=75, subsampling="4:2:0")
    png = Image.open(BytesIO(files.encoded(image, "png")))

    assert jpeg.quantization == Image.open(reference).quantization
    assert files.encoded(image, "jpeg")[:623] == reference.getvalue()[:623]
    assert np.array_equal(np.asarray(png), image)
    assert np.array_equal(files.as_saved(image[None])[0], np.asarray(jpeg))
    with pytest.raises(UnknownNameError, match="called 'gif'"):
        files.encoded(image, "gif")


def test_photographs_come_from_the_part_their_seed_names(tiny_dataset):
    """Those to learn from, to choose on and to test on are other photographs."""
    learnt = {each.tobytes() for each in to_learn_from(tiny_dataset).images}
    training = to_pass_through(tiny_dataset, n=12, seed=0)
    validation = to_pass_through(tiny_dataset, n=1, seed=1000)
    test = to_pass_through(tiny_dataset, n=6, seed=2000)

    assert {each.tobytes() for each in training} <= learnt
    assert not {each.tobytes() for each in (*validation, *test)} & learnt
    with pytest.raises(SettingError, match="at most 6 photographs"):
        to_pass_through(tiny_dataset, n=7, seed=2000)


def test_the_distance_of_known_distributions():
    """Moved by 2 in one direction and stretched to twice the size in another: 4 + 1."""
    features = np.random.default_rng(0).standard_normal((200_000, 3)).astype(np.float32)
    other = features * np.float32([1, 2, 1]) + np.float32([2, 0, 0])

    assert frechet(features, features) == pytest.approx(0, abs=1e-6)
    assert frechet(features, other) == pytest.approx(5, rel=0.02)
    assert frechet(features[:, :1], other[:, :1]) == pytest.approx(4, rel=0.02)
