"""Pictures of generators: by seed and number alone, in the folder of their maker."""

import numpy as np
import pytest

from cifake_core.basics.errors import SettingError, UnknownNameError
from cifake_core.generators import files, service
from cifake_core.generators.catalogue import GENERATORS, generator

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", GENERATORS)
def test_pictures_follow_from_seed_and_number(name, tiny_generators, photographs):
    """However many are drawn, a seed gives the same ones, and another seed others."""
    from cifake_core.generators.sampling import Sampler

    sampler = Sampler(name, tiny_generators, batch=4)
    passed = generator(name).kind == "photograph"
    given = {n: photographs.images[:n] if passed else None for n in (2, 6)}

    six = sampler.sample(n=6, seed=3, photographs=given[6]).images
    two = sampler.sample(n=2, seed=3, photographs=given[2]).images
    other = sampler.sample(n=2, seed=2000, photographs=given[2]).images

    assert (six.shape, six.dtype) == ((6, 32, 32, 3), np.uint8)
    np.testing.assert_array_equal(six[:2], two)
    by_seed = not name.endswith("autoencoder")  # those add nothing to a photograph
    assert np.array_equal(two, other) != by_seed


@pytest.mark.parametrize(
    ("name", "n", "seed", "message"),
    [
        ("gan", 1, 0, "no generator called 'gan'. Choose one of: gan_transposed"),
        ("flow", 0, 0, "at least 1 picture. Received 0"),
        ("flow", 1, -1, "a seed of 0 or more. Received -1"),
        ("kl_autoencoder", 1, 0, "from photographs .* Received no photographs"),
    ],
)
def test_a_wrong_question_is_one_sentence(name, n, seed, message, tmp_path):
    """Names, counts and seeds out of range are told before weights are looked for."""
    with pytest.raises((SettingError, UnknownNameError), match=message):
        service.draw(name, n=n, seed=seed, models=tmp_path)


def test_a_strength_out_of_range_is_one_sentence(tmp_path):
    """All noise is no photograph."""
    from cifake_core.generators.sampling import Sampler

    with pytest.raises(SettingError, match=r"between 0 and 1\. Received 1\.0"):
        Sampler("diffusion_pass", tmp_path, strength=1.0)


def test_pictures_lie_in_the_folder_of_their_generator(tmp_path):
    """They are written to <generator>/FAKE, and a file is told from another's seed."""
    from cifake_core.generators.sampling import Samples

    drawn = Samples(
        name="flow",
        seed=7,
        images=np.zeros((2, 32, 32, 3), np.uint8),
        classes=np.zeros(2, np.int32),
    )

    place = files.write(drawn, tmp_path, form="png")

    assert place == tmp_path / "flow" / "FAKE"
    names = [file.name for file in sorted(place.iterdir())]
    assert names == ["7-00000.png", "7-00001.png"]
    with pytest.raises(SettingError, match="Name another folder"):
        files.write(drawn, place / names[0])
