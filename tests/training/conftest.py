"""Fixtures of training: tiny training pictures."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def data(tiny_dataset, tmp_path_factory) -> Path:
    """Return tiny training pictures; there is no test/ at all."""
    root = tmp_path_factory.mktemp("training") / "cifake"
    shutil.copytree(tiny_dataset / "train", root / "train")
    return root
