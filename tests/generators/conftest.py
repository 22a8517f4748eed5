"""Tiny generators and photographs that several files share."""

from pathlib import Path

import pytest

from cifake_core.generators.photographs import Photographs
from tests.made_generators import WIDTHS, grainy_squares, put_generator


@pytest.fixture(scope="session")
def photographs() -> Photographs:
    """16 grainy squares of one colour each; don't change them."""
    return grainy_squares()


@pytest.fixture(scope="session")
def tiny_generators(tmp_path_factory) -> Path:
    """A folder of all generators with random weights; don't change it."""
    models = tmp_path_factory.mktemp("generators")
    for name in WIDTHS:
        put_generator(name, models)
    return models
