"""Cards and weights of generators: what is shipped, and what is refused."""

import numpy as np
import pytest

from cifake_core.basics.errors import ModelUnavailableError, TrainingError
from cifake_core.basics.files import file_sha256
from cifake_core.basics.places import CHECKOUT
from cifake_core.generators import service, weights
from cifake_core.generators.catalogue import GENERATORS, SEEDS, trained
from tests.made_generators import generator_card

SHIPPED = CHECKOUT / "models" / service.FOLDER


@pytest.mark.parametrize("name", trained())
def test_shipped_weights_are_small_and_those_of_their_cards(name):
    """Each is shipped in less than 5 MB, with as many parameters as its card says."""
    path = SHIPPED / name / weights.WEIGHTS_FILE

    card = weights.read_card(path.parent)

    assert card.name == name
    assert card.weights_sha256 == file_sha256(path)
    assert path.stat().st_size < 5_000_000
    arrays = weights.read(name, path.parent)
    assert sum(each.size for each in arrays.values()) == card.parameters
    assert all(np.isfinite(each).all() for each in arrays.values())


def test_what_a_shipped_generator_needs_is_shipped():
    """The transformer's codes are those of the autoencoder beside it."""
    for name in trained():
        needs = GENERATORS[name].needs
        wanted = (
            {needs: weights.read_card(SHIPPED / needs).weights_sha256} if needs else {}
        )

        assert weights.read_card(SHIPPED / name).needs == wanted


def test_damaged_weights_are_refused(tmp_path):
    """Weights that are not those of the card are not drawn with."""
    weights.write("flow", {"network/000": np.zeros(3, np.float32)}, tmp_path / "flow")
    weights.write_card(generator_card("flow", "a1"), tmp_path / "flow")

    with pytest.raises(ModelUnavailableError, match="not the ones their card"):
        weights.load("flow", tmp_path)


def test_weights_for_another_autoencoder_are_refused(tmp_path):
    """A transformer that was trained on other codes would draw noise."""
    sha256 = file_sha256(weights.write("vqgan", {}, tmp_path / "vqgan"))
    needs = {"vq_autoencoder": "b2" * 32}
    weights.write_card(generator_card("vqgan", sha256, needs=needs), tmp_path / "vqgan")
    card = generator_card("vq_autoencoder", "c3" * 32)
    weights.write_card(card, tmp_path / "vq_autoencoder")

    with pytest.raises(ModelUnavailableError, match="other weights of vq_autoencoder"):
        weights.load("vqgan", tmp_path)


def test_another_generators_weights_are_refused(tmp_path):
    """A folder that was renamed is found out."""
    weights.write("flow", {}, tmp_path)

    with pytest.raises(ModelUnavailableError, match="holds the weights of 'flow'"):
        weights.read("diffusion", tmp_path)


def test_nothing_finished_is_promoted(tmp_path):
    """A folder without a card is no finished generator."""
    with pytest.raises(TrainingError, match="no finished generator"):
        service.promote(tmp_path, tmp_path)


def test_the_list_tells_what_is_there(tmp_path):
    """One that uses another's weights is there with them."""
    weights.write_card(generator_card("diffusion", "a1"), tmp_path / "diffusion")

    rows = service.listing(tmp_path)

    assert [row.name for row in rows] == list(GENERATORS)
    available = [row.name for row in rows if row.card]
    assert available == ["diffusion", "diffusion_pass"]


def test_seeds_for_training_and_testing_are_apart():
    """No seed serves two purposes."""
    seeds = [seed for part in SEEDS.values() for seed in part]

    assert len(seeds) == len(set(seeds))
