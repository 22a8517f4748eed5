"""Labelling on the workbench: who is asked about, once, and what is kept."""

from pathlib import Path

import pytest

from cifake_core.accounts.records import ANYBODY
from cifake_core.basics.errors import DatasetError
from cifake_core.data.datasets import library
from cifake_core.data.datasets.records import UNLABELLED
from cifake_core.networks.pool import NetworkPool
from cifake_core.workbench.labelling import LabellingBench
from tests.made_datasets import write_set


@pytest.fixture
def root(tmp_path) -> Path:
    """A folder of data sets: "mine" has 24 pictures without a label, "full" none."""
    for name, num in (("mine", 24), ("full", 0)):
        folder = write_set(tmp_path / name, num_unlabelled=num)
        library.add(name, folder, root=tmp_path / library.FOLDER, cifake=None)
    return tmp_path / library.FOLDER


@pytest.fixture
def bench(made_models, root) -> LabellingBench:
    """The labelling of these sets by the networks made by hand."""
    return LabellingBench(NetworkPool(made_models), root.parent)


def test_counts_are_of_each_set(bench):
    """Also of one that has none."""
    assert bench.counts() == {"full": 0, "mine": 24}


def test_nobody_is_asked_twice(bench, root):
    """What was labelled or skipped is not asked about again, what is taken back is."""
    told: list[float] = []
    first = bench.ask("mine", progress=told.append)
    bench.label("mine", first[0].sha256, 0, by=ANYBODY)
    bench.skip("mine", first[1].sha256)
    bench.label("mine", first[2].sha256, 1, by=ANYBODY)
    bench.label("mine", first[2].sha256, UNLABELLED, by=ANYBODY)

    asked = [each.sha256 for each in bench.ask("mine", progress=told.append)]

    assert len(first) == 20
    assert told[-1] == 1
    assert told == sorted(told)  # the networks were asked once
    assert not {first[0].sha256, first[1].sha256} & set(asked)
    assert first[2].sha256 in asked or len(asked) == 20
    assert bench.counts()["mine"] == 23
    assert first[1].sha256 in library.unlabelled("mine", root=root).hashes


def test_labels_that_another_gave_are_heeded(bench, root):
    """A set that was changed elsewhere is looked at anew."""
    first = bench.ask("mine")
    library.set_labels("mine", {first[0].sha256: 1}, root=root)

    assert first[0].sha256 not in [each.sha256 for each in bench.ask("mine")]


def test_a_set_without_such_pictures_is_a_sentence(bench):
    """As is one that is not there."""
    with pytest.raises(DatasetError, match="all are labelled"):
        bench.ask("full")
    with pytest.raises(DatasetError, match="nowhere"):
        bench.ask("nowhere")
