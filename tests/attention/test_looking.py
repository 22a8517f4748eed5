"""What a network sees in pictures: exact on linear networks, kept, and added up."""

import numpy as np
import pytest

from cifake_core.attention import looking
from cifake_core.attention.looking import Seen, combined, look, pushes_of
from cifake_core.basics.errors import CifakeError
from cifake_core.basics.places import cache_folder
from cifake_core.basics.progress import tell_nobody
from cifake_core.explain.methods.superpixels import fade, segment
from cifake_core.pictures.preprocessing import prepare
from tests.fakes import LinearProbe, noise, noise_picture, random_probe

MEANS = np.full(6, 100.0)


@pytest.fixture
def images() -> np.ndarray:
    """Two random pictures."""
    return np.stack([noise(seed) for seed in (3, 4)])


def seen_by(network, images, *, means=None) -> Seen:
    """Return what a network sees."""
    return look(network, images, means=means, progress=tell_nobody)


@pytest.mark.parametrize("kind", ["rgb", "planes"])
def test_evidence_adds_up_to_the_logit_of_fake(kind, images):
    """Each place has its share, and the sign is that of FAKE."""
    probe = random_probe(kind, 1)
    means = MEANS if kind == "planes" else None

    seen = seen_by(probe, images, means=means)

    assert seen.evidence.shape == (2, 8, 8)
    assert seen.evidence.sum(axis=(1, 2)) == pytest.approx(
        -probe.logits(images), abs=1e-4
    )


def test_a_push_is_what_a_piece_is_worth():
    """Of a linear network: its weights times what painting the piece takes away."""
    weights = np.random.RandomState(2).normal(0, 1e-3, (32, 32, 3)).astype("f4")
    picture = noise_picture()
    pieces = segment(picture.pixels)
    lost = picture.pixels.astype("f4") - fade(picture.pixels, pieces)

    pushes = pushes_of(LinearProbe(weights), picture)

    expected = -np.bincount(pieces.ravel(), (weights * lost).sum(axis=-1).ravel())
    assert pushes == pytest.approx(expected, abs=1e-4)
    assert np.abs(pushes).max() > 0.01


def test_a_picture_of_one_colour_pushes_nowhere():
    """There is no texture to take away."""
    picture = prepare(np.full((32, 32, 3), 90, np.uint8))

    assert not pushes_of(random_probe("rgb", 1), picture).any()


def test_channels_add_up_to_the_score_less_that_of_greys(images):
    """They are Shapley values for FAKE; a network on colours has none."""
    probe = random_probe("planes", 1)
    greys = np.broadcast_to(MEANS[:, None, None, None], (1, 6, 32, 32, 1))

    seen = seen_by(probe, images, means=MEANS)

    difference = -(probe.logits(images) - probe.logits_of_inputs(greys.astype("f4")))
    assert seen.channels.sum(axis=1) == pytest.approx(difference, abs=1e-3)
    assert not seen_by(random_probe("rgb", 1), images).channels.any()


def test_an_ensembles_is_its_members_added_up(images):
    """With the weights of their logits."""
    parts = [
        seen_by(random_probe("rgb", 1), images),
        seen_by(random_probe("planes", 2), images, means=MEANS),
    ]

    both = combined(parts, (0.25, 2.0))

    assert both.evidence == pytest.approx(
        0.25 * parts[0].evidence + 2 * parts[1].evidence, abs=1e-5
    )
    assert both.channels == pytest.approx(2 * parts[1].channels, abs=1e-5)


def test_what_was_seen_is_not_asked_again(images, monkeypatch):
    """A killed command goes on; other weights or pictures are looked at anew."""
    monkeypatch.setattr(looking, "CHUNK", 1)
    probe = random_probe("rgb", 1)
    before, num_calls = seen_by(probe, images), len(probe.calls)
    files = sorted(cache_folder().rglob("*.npz"))

    files[1].write_bytes(b"cut off")
    again = seen_by(probe, images)

    assert len(files) == 2
    assert len(probe.calls) == num_calls + num_calls // 2
    assert (again.pushes == before.pushes).all()
    assert (seen_by(random_probe("rgb", 9), images).pushes != before.pushes).any()
    assert (seen_by(probe, images[::-1]).pushes == before.pushes[::-1]).all()


def test_a_full_disk_is_a_sentence(images):
    """Where the cache is no folder, it says what to do."""
    cache_folder().mkdir(parents=True, exist_ok=True)
    (cache_folder() / "attention").write_text("in the way", "utf-8")

    with pytest.raises(CifakeError, match="run the command again"):
        seen_by(random_probe("rgb", 1), images)


def test_a_stop_comes_through(images):
    """Whoever shows the progress can stop the work."""

    def stop(_share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        look(random_probe("rgb", 1), images, means=None, progress=stop)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["cnn", "cnn3d"])
def test_shipped_networks_have_exact_shares(name):
    """On the real ones, too, evidence differs from the logit by one constant."""
    from cifake_core.basics.places import CHECKOUT
    from cifake_core.cli.context import load_quietly
    from cifake_core.explain.channel_values import stored_means

    network = load_quietly(CHECKOUT / "models" / name)
    images = np.stack([noise(seed) for seed in range(4)])
    means = stored_means(name, CHECKOUT / "models") if name == "cnn3d" else None

    seen = seen_by(network, images, means=means)

    rest = -network.logits(images) - seen.evidence.sum(axis=(1, 2))
    assert rest == pytest.approx(rest.mean(), abs=0.02)
    assert np.ptp(network.logits(images)) > 0.1
