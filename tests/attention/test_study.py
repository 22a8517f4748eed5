"""The study: which pictures, and what it says of where evidence lies."""

import numpy as np
import pytest

from cifake_core.attention.pieces import COLORS, NUM_KINDS, TEXTURES
from cifake_core.attention.records import mean_map
from cifake_core.attention.study import AttentionConfig, choose_pictures, study
from cifake_core.basics.progress import tell_nobody
from cifake_core.data import cifake
from cifake_core.networks.ensemble import Ensemble
from tests.fakes import LinearProbe, random_probe

MEANS = {"cnn3d": np.full(6, 100.0)}


@pytest.fixture
def split(tiny_dataset) -> cifake.Split:
    """Twelve test pictures: FAKE ones flat and reddish, REAL ones green and grainy."""
    return cifake.load(tiny_dataset, "test")


def studied(network, split, *, means=None, decisions=None, num_pictures=2000):
    """Return the study of a network."""
    return study(
        network,
        split,
        means=means or {},
        decisions=decisions,
        config=AttentionConfig(num_pictures=num_pictures),
        progress=tell_nobody,
    )


def test_as_many_pictures_of_each_kind_are_chosen(split):
    """The same ones each time, in the order of the split; never more than there are."""
    kinds = np.stack([split.labels, split.object_classes])

    one_each = choose_pictures(split, AttentionConfig(num_pictures=20))
    everything = choose_pictures(split, AttentionConfig())

    counts = np.unique(kinds[:, one_each], axis=1, return_counts=True)[1]
    assert set(counts.tolist()) == {1}
    assert (np.diff(one_each) > 0).all()
    assert (choose_pictures(split, AttentionConfig(num_pictures=20)) == one_each).all()
    assert everything.tolist() == list(range(12))


def test_peaks_are_of_what_the_network_calls(split):
    """Light at the top left speaks for FAKE, at the bottom right for REAL."""
    weights = np.zeros((32, 32, 3))
    weights[:4, :4], weights[-4:, -4:] = -1e-3, 1e-3
    corner = LinearProbe(weights, bias=-5)

    as_fake = studied(corner, split)
    as_real = studied(LinearProbe(weights, bias=5), split)

    assert as_fake.peaks.tolist() == [0] * 12
    assert as_real.peaks.tolist() == [63] * 12
    assert as_fake.focus == pytest.approx(1)
    assert set(as_fake.cells[:, 2].tolist()) == {0}
    assert set(as_real.cells[:, 2].tolist()) == {1}
    whole = mean_map(as_real)
    assert whole.mean[0, 0] > 0 > whole.mean[7, 7]  # for FAKE, whatever is called


def test_decisions_make_cells(split):
    """What the product said is a column of the cells; unknown is -1."""
    decisions = np.arange(12) % 3

    found = studied(random_probe("rgb", 1), split, decisions=decisions)
    unknown = studied(random_probe("rgb", 1), split)

    assert (found.decisions == decisions[found.positions]).all()
    assert mean_map(found, decision=2).n == 4
    assert (unknown.decisions == -1).all()


def test_pieces_are_counted_by_kind(split):
    """All pieces of the reddish pictures are of warm colours, a third each rough."""
    found = studied(random_probe("rgb", 1), split)

    by_color = found.num_pieces.reshape(12, len(COLORS), len(TEXTURES)).sum(axis=2)
    fakes = split.labels[found.positions] == 0
    assert found.num_pieces.shape == found.pushes.shape == (12, NUM_KINDS)
    assert by_color[fakes].sum(axis=0).argmax() == COLORS.index("red")
    rough = found.num_pieces[:, 2::3].sum() / found.num_pieces.sum()
    assert rough == pytest.approx(1 / 3, abs=0.05)
    assert not found.pushes[found.num_pieces == 0].any()


def test_an_ensemble_adds_its_members_up(split):
    """Maps and channels are those of the parts by their weights."""
    parts = (random_probe("rgb", 1), random_probe("planes", 2))
    both = Ensemble("ensemble", parts, weights=(0.5, 2.0))

    found = studied(both, split, means=MEANS)
    colours, planes = (studied(part, split, means=MEANS) for part in parts)

    expected = 0.5 * mean_map(colours).mean + 2 * mean_map(planes).mean
    assert mean_map(found).mean == pytest.approx(expected, abs=1e-5)
    assert found.channels == pytest.approx(2 * planes.channels, abs=1e-4)
    assert not studied(parts[0], split).sees_channels
