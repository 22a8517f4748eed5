"""Training of tiny generators, for real: cards, time, resuming, and what is refused."""

import shutil
from functools import partial

import numpy as np
import pytest

from cifake_core.basics.errors import (
    ModelUnavailableError,
    SettingError,
    TrainingError,
)
from cifake_core.basics.files import file_sha256
from cifake_core.generators import service, weights
from cifake_core.generators.catalogue import GENERATORS
from tests.made_generators import WIDTHS, generator_card, put_generator, tiny

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", WIDTHS)
def test_a_step_moves_every_network(name, photographs, tiny_generators):
    """The loss is a number, and generator and critic are others than before."""
    from cifake_core.generators.networks import system

    needs = GENERATORS[name].needs
    needed = weights.load(needs, tiny_generators) if needs else None
    trainee = system(name, tiny(name), needed)
    players = trainee.players.values()
    before = [[each.numpy().copy() for each in player.variables] for player in players]

    metrics = trainee.step(photographs.images, photographs.classes, 0.5)

    assert np.isfinite([float(each) for each in metrics.values()]).all()
    for player, values in zip(players, before, strict=True):
        pairs = zip(player.variables, values, strict=True)
        assert any((now.numpy() != then).any() for now, then in pairs)


def test_training_teaches(photographs, tmp_path):
    """A flow finds photographs likelier; its card names them and vouches for it."""
    from cifake_core.generators.training import Pace, train

    bits: list[float] = []
    run = train(
        "flow",
        photographs,
        run=tmp_path / "run",
        models=tmp_path,
        settings=tiny("flow", steps=60),
        report=lambda _, losses: bits.append(losses["bits"]),
        pace=Pace(steps=10),
    )

    card = weights.read_card(run)
    assert len(bits) == 6
    assert bits[-1] < bits[0] - 0.2
    assert card.weights_sha256 == file_sha256(run / weights.WEIGHTS_FILE)
    assert card.training.digest == "made for a test"
    assert (card.training.num_pictures, card.steps) == (16, 60)
    assert card.pictures_seen == 240
    assert card.losses["bits"] == bits[-1]
    assert service.promote(run, tmp_path / "models") == tmp_path / "models" / "flow"


def test_a_resumed_run_ends_as_a_whole_one(photographs, tmp_path):
    """From a checkpoint as a killed run leaves it come the same weights to the bit."""
    from cifake_core.generators.training import Pace, train

    put_generator("vq_autoencoder", tmp_path)
    whole, rest, late = (tmp_path / name for name in ("whole", "rest", "late"))
    go = partial(
        train,
        "vqgan",
        photographs,
        models=tmp_path,
        settings=tiny("vqgan", steps=4),
        minutes=None,
    )

    def keep(done: float, _: object) -> None:
        if done == 0.75:  # the third step is done, the second is saved
            shutil.copytree(whole, rest)
            shutil.copytree(whole, late)

    go(run=whole, pace=Pace(steps=1, save_seconds=0), report=keep)
    with pytest.raises(TrainingError, match="There is a run in"):
        go(run=rest)
    with pytest.raises(TrainingError, match="other settings"):
        go(run=rest, settings=tiny("vqgan", steps=5), resume=True)
    go(run=rest, resume=True)
    go(run=late, resume=True, minutes=1e-9)

    one, other = (weights.read_card(run) for run in (whole, rest))
    assert one.weights_sha256 == other.weights_sha256
    assert weights.read_card(late).steps == 2  # its time was over
    assert one.needs == {
        "vq_autoencoder": weights.read_card(tmp_path / "vq_autoencoder").weights_sha256
    }


def test_what_cannot_be_trained_is_told(photographs, tmp_path):
    """The message says whose weights it uses, or what is wrong with the question."""
    from cifake_core.generators.training import train

    go = partial(train, photographs=photographs, run=tmp_path, models=tmp_path)

    with pytest.raises(SettingError, match="uses those of 'diffusion'"):
        go("diffusion_pass")
    with pytest.raises(SettingError, match="more than 0 minutes"):
        go("flow", minutes=0)
    with pytest.raises(TrainingError, match="nothing to resume"):
        go("flow", resume=True)


def test_weights_that_do_not_fit_are_refused(tmp_path):
    """Networks of another width, or that nobody made, get no weights."""
    sha256 = file_sha256(weights.write("flow", {}, tmp_path / "flow"))
    weights.write_card(generator_card("flow", sha256), tmp_path / "flow")

    with pytest.raises(ModelUnavailableError, match="cannot be read"):
        weights.load("flow", tmp_path)
