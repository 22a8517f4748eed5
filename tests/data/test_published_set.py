"""What holds of CIFAKE itself: together, so that its pictures are decoded once."""

import numpy as np
import pytest

from cifake_core.data import cifake, verification
from cifake_core.data.archive import Archive
from cifake_core.trust.splicing import plan_splices

# decoding takes as long as building a network
pytestmark = [pytest.mark.data, pytest.mark.slow]


def test_the_facts_of_cifake(cifake_data):
    """The real data set has the published counts, duplicates and digest."""
    facts = verification.describe(cifake_data)

    assert list(facts.counts.values()) == [50_000, 50_000, 10_000, 10_000]
    assert set(facts.object_classes.values()) == {12_000}
    assert facts.duplicates == {
        "pairs_within_train": 920,
        "pairs_within_test": 38,
        "pairs_across": 378,
        "leak_free_test": 19_584,
    }
    assert facts.num_bytes == Archive(cifake_data).num_bytes()
    assert facts.content_digest == cifake.PUBLISHED_DIGEST


def test_cifake_verifies(cifake_data):
    """Every file of the real data set has the published bytes."""
    assert verification.verify(cifake_data) == cifake.PUBLISHED_DIGEST


def test_the_real_division(cifake_data):
    """45,000 and 45,000 to train, 5,000 and 5,000 to validate, no copy on both."""
    train = cifake.load(cifake_data, "train")

    training, validation = cifake.split_training(train, seed=0)

    assert np.bincount(train.labels[training]).tolist() == [45_000, 45_000]
    assert np.bincount(train.labels[validation]).tolist() == [5_000, 5_000]
    assert not np.isin(train.hashes[training], train.hashes[validation]).any()


def test_the_real_object_classes(cifake_data):
    """Every class has a tenth of each label."""
    train = cifake.load(cifake_data, "train")

    for label in (0, 1):
        counts = np.bincount(train.object_classes[train.labels == label])
        assert counts.tolist() == [5_000] * 10


def test_the_published_set_suffices(cifake_data):
    """300 pairs are found among the leak-free test pictures."""
    test, train = (cifake.load(cifake_data, name) for name in ("test", "train"))

    plans = plan_splices(test, train, seed=0)

    free = cifake.leak_free(test, train)
    assert len(plans) == 300
    assert all(free[[plan.host, plan.donor]].all() for plan in plans)
