"""The command line as tests call it: on linear networks, and on what it refuses."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cifake_core import cli
from cifake_core.networks import store
from tests.cards import network_card
from tests.fakes import LinearProbe
from tests.scored import scored_networks

#: Calls a command with its words and returns the exit status.
Command = Callable[..., int]


@pytest.fixture
def models(tmp_path) -> Path:
    """Return the folder of the networks that commands find."""
    folder = tmp_path / "models"
    folder.mkdir()
    return folder


@pytest.fixture
def probes(models, tiny_dataset) -> dict[str, LinearProbe]:
    """Return our three networks in `models`; the ensemble has a card there."""
    return scored_networks(models, tiny_dataset)


@pytest.fixture
def command(models, probes: Mapping[str, LinearProbe]) -> Command:
    """Return the command line on those networks."""

    def load(folder: Path) -> LinearProbe:
        return probes[store.load_card(folder).name]

    return lambda *words: cli.main([str(word) for word in words], models, load=load)


@pytest.fixture
def finished(probes, tmp_path) -> Path:
    """Return the folder of a finished run of the 2D-CNN, not evaluated yet."""
    run = tmp_path / "run"
    run.mkdir()
    store.write_card(run, network_card("cnn", probes["cnn"].sha256))
    return run


@pytest.fixture
def alone(tiny_dataset, tmp_path) -> Path:
    """Return a data set without train/."""
    data = tmp_path / "only"
    shutil.copytree(tiny_dataset / "test", data / "test")
    return data


@pytest.fixture
def leaky(tiny_dataset, tmp_path) -> Path:
    """Return a data set whose test pictures are its training pictures."""
    for split in ("train", "test"):
        shutil.copytree(tiny_dataset / "test", tmp_path / "leaky" / split)
    return tmp_path / "leaky"


@pytest.fixture
def refusal(capsys) -> Callable[[], str]:
    """Return what gives a refusal: nothing on stdout, one line on stderr."""

    def read() -> str:
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.count("\n") == 1
        return captured.err

    return read
