"""Stability: twenty small changes of a picture, and what networks say of them."""

import numpy as np
import pytest

from cifake_core.basics.arrays import SIDE
from cifake_core.basics.estimates import sigmoid
from cifake_core.networks.ensemble import Ensemble
from cifake_core.pictures.corruptions import recompress, shrink_and_enlarge
from cifake_core.pictures.preprocessing import prepare
from cifake_core.verdicts.records import Stability
from cifake_core.verdicts.stability import VARIANTS, make_variants, weigh_stability
from tests.fakes import INPUT_SHAPES, LinearProbe, noise, noise_picture, random_probe


def soft(seed: int = 2) -> np.ndarray:
    """Return a picture of medium values, which no change drives out of range."""
    random = np.random.RandomState(seed)
    return random.randint(80, 171, (SIDE, SIDE, 3)).astype(np.uint8)


def variant(name: str, image: np.ndarray, seed: int = 0) -> np.ndarray:
    """Return one of the changed pictures."""
    return make_variants(image, seed=seed)[list(VARIANTS).index(name)]


def record(p_real: list[float], original_p_real: float) -> Stability:
    """Return a record with these probabilities."""
    return Stability(
        names=tuple(f"change {number}" for number in range(len(p_real))),
        pictures=np.zeros((len(p_real), SIDE, SIDE, 3), np.uint8),
        p_real=np.array(p_real),
        original_p_real=original_p_real,
        network="cnn",
        model_sha256="a",
        seed=0,
        seconds=0.1,
    )


def test_there_are_twenty_and_all_differ():
    """Each variant is a picture of its own, and none is the original."""
    image = noise()
    image.flags.writeable = False

    pictures = make_variants(image)

    assert pictures.shape == (20, SIDE, SIDE, 3)
    assert pictures.dtype == np.uint8
    together = [each.tobytes() for each in (image, *pictures)]
    assert len(set(together)) == 21


def test_variants_are_still_the_picture():
    """No change moves a value by much; on the mirrored one, once turned back."""
    image = soft()

    pictures = dict(zip(VARIANTS, make_variants(image).astype(int), strict=True))

    np.testing.assert_array_equal(pictures.pop("Mirrored")[:, ::-1], image)
    moved = {name for name in pictures if name.startswith("Moved")}
    assert len(moved) == 4
    for name in pictures.keys() - moved:
        assert abs(pictures[name].mean() - image.mean()) < 25, name
        assert np.abs(pictures[name] - image).mean() < 30, name


@pytest.mark.parametrize(
    ("name", "here", "there"),
    [
        ("Moved up by a pixel", np.s_[:-1], np.s_[1:]),
        ("Moved down by a pixel", np.s_[1:], np.s_[:-1]),
        ("Moved left by a pixel", np.s_[:, :-1], np.s_[:, 1:]),
        ("Moved right by a pixel", np.s_[:, 1:], np.s_[:, :-1]),
    ],
)
def test_a_move_is_by_one_whole_pixel(name, here, there):
    """Every pixel that stays in sight keeps its value."""
    image = noise()

    moved = variant(name, image)

    np.testing.assert_array_equal(moved[here], image[there])


def test_what_moves_in_is_the_mirrored_border():
    """Reflection about the outermost pixels repeats the second row, as in training."""
    image = noise()

    moved = variant("Moved down by a pixel", image)

    np.testing.assert_array_equal(moved[0], image[1])


def test_tones_are_worked_by_hand():
    """Brightness is a factor; contrast is a factor of the distance to 128."""
    image = np.full((SIDE, SIDE, 3), 100, np.uint8)
    image[0, 0] = 250

    brighter, darker, less = (
        variant(name, image) for name in ("Brighter", "Darker", "Less contrast")
    )

    assert (brighter[5, 5, 0], brighter[0, 0, 0]) == (115, 255)
    assert (darker[5, 5, 0], darker[0, 0, 0]) == (85, 212)  # 212.5 to even
    assert (less[5, 5, 0], less[0, 0, 0]) == (106, 226)


def test_damage_is_that_of_the_corruptions():
    """JPEG and resizing are the functions that training and evaluation use."""
    import cv2

    image = noise()

    np.testing.assert_array_equal(
        variant("JPEG, quality 30", image), recompress(image, quality=30)
    )
    np.testing.assert_array_equal(
        variant("Shrunk and enlarged, bicubic", image),
        shrink_and_enlarge(image, side=28, kernel=cv2.INTER_CUBIC),
    )


def test_the_seed_draws_the_noise_alone():
    """The same seed repeats every byte; another changes the two noisy variants."""
    first, again, other = (make_variants(noise(), seed=seed) for seed in (4, 4, 5))

    np.testing.assert_array_equal(first, again)
    changed = {
        name
        for name, one, two in zip(VARIANTS, first, other, strict=True)
        if not np.array_equal(one, two)
    }
    assert changed == {"A little noise", "More noise"}


def test_kept_and_weakest_follow_from_the_probabilities():
    """A picture called REAL keeps its label at 0.5; the least p is its weakest."""
    found = record([0.9, 0.5, 0.2, 0.4], 0.8)

    assert found.label == "REAL"
    assert found.kept.tolist() == [True, True, False, False]
    assert found.weakest == 2


def test_a_fake_is_weakest_where_real_is_most_probable():
    """For a picture called FAKE both are the other way round."""
    found = record([0.1, 0.5, 0.2, 0.4], 0.3)

    assert found.label == "FAKE"
    assert found.kept.tolist() == [True, False, True, True]
    assert found.weakest == 1


def test_a_network_that_reads_one_pixel_is_told_exactly():
    """What a linear network says of each variant follows from that variant."""
    weights = np.zeros(INPUT_SHAPES["rgb"])
    weights[16, 16, 0] = 0.5
    image = soft()
    image[16, 16] = 140
    network = LinearProbe(weights, bias=-0.5 * 128)

    found = weigh_stability(network, prepare(image))["cnn"]

    values = make_variants(image)[:, 16, 16, 0]
    logits = (values.astype(np.float32) - 128) / 2
    np.testing.assert_allclose(found.p_real, sigmoid(logits), rtol=1e-5)
    assert found.original_p_real == pytest.approx(sigmoid(np.array([6.0]))[0])
    np.testing.assert_array_equal(found.kept, values >= 128)
    assert found.weakest == int(values.argmin())


def test_an_ensemble_is_weighed_with_its_members():
    """Each member is asked once about everything; the sum is that of the weights."""
    members = [random_probe("rgb", 1), random_probe("planes", 2)]
    ensemble = Ensemble("ensemble", members, weights=(0.75, 0.5))
    image = noise()

    found = weigh_stability(ensemble, prepare(image), seed=3)

    assert list(found) == ["cnn", "cnn3d", "ensemble"]
    assert [member.calls for member in members] == [[21], [21]]
    batch = np.concatenate([image[None], make_variants(image, seed=3)])
    first, second = (member.logits(batch) for member in members)
    expected = {
        "cnn": first,
        "cnn3d": second,
        "ensemble": 0.75 * first + 0.5 * second,
    }
    for name, logits in expected.items():
        original, *rest = sigmoid(logits)
        np.testing.assert_allclose(found[name].p_real, rest, rtol=1e-5)
        assert found[name].original_p_real == pytest.approx(original, rel=1e-5)


def test_the_record_says_how_to_repeat_it():
    """Names, pictures, network, weights and seed are those that were used."""
    network = random_probe("planes", 2)

    found = weigh_stability(network, noise_picture(), seed=9)

    assert list(found) == [network.name]
    stability = found[network.name]
    assert stability.names == tuple(VARIANTS)
    np.testing.assert_array_equal(stability.pictures, make_variants(noise(), seed=9))
    assert stability.network == network.name
    assert stability.model_sha256 == network.sha256
    assert stability.seed == 9
    assert stability.seconds > 0
