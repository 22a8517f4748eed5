"""Pictures of generators by part: the originals of what is passed through."""

import numpy as np
import pytest

from cifake_core.generators import collection, photographs
from cifake_core.generators.catalogue import SEEDS


@pytest.mark.parametrize(
    ("name", "n", "shares"),
    [
        ("kl_autoencoder", 3, [3]),
        ("diffusion_pass", 6, [1, 2, 1, 2]),
        ("diffusion_pass", 2, [1, 1]),
    ],
)
def test_originals_are_the_photographs_that_were_given(name, n, shares, tiny_dataset):
    """Each strength has its own seed, and as many as the others, give or take one."""
    found = collection.originals(name, "test", n=n, data=tiny_dataset)

    expected = [
        photographs.to_pass_through(tiny_dataset, n=share, seed=seed)
        for seed, share in enumerate(shares, SEEDS["test"].start)
    ]
    np.testing.assert_array_equal(found, np.concatenate(expected))
    assert len(found) == n
