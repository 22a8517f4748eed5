"""Forgetting: areas by version and generator, and what was lost, worked by hand."""

from pathlib import Path

import pytest

from cifake_core.data.datasets import library
from cifake_core.networks.pool import load_network
from cifake_core.retraining.forgetting import ForgettingTable, forgetting_table
from cifake_core.verdicts.scope_words import CIFAKE_GENERATOR
from cifake_core.versions.registry import VersionRegistry
from tests.made_datasets import write_set
from tests.made_gates import shipped_models, teach
from tests.made_versions import ANN, PASSED


@pytest.fixture(scope="module")
def shipped(made_models, made_dataset, tmp_path_factory) -> Path:
    """Return the networks that are shipped."""
    models = tmp_path_factory.mktemp("shipped") / "models"
    return shipped_models(made_models, made_dataset, models)


@pytest.fixture(scope="module")
def datasets(made_dataset, tmp_path_factory) -> Path:
    """Return data sets: "mine" of two generators, "more" of one without a name."""
    home = tmp_path_factory.mktemp("sets")
    for name, generators in (("mine", ("dalle", "flux")), ("more", ("FAKE",))):
        source = write_set(home / name, generators=generators)
        library.add(name, source, root=home / "datasets", cifake=made_dataset)
    return home / "datasets"


@pytest.fixture(scope="module")
def registry(shipped, datasets, made_dataset, tmp_path_factory) -> VersionRegistry:
    """Return three versions: one taught "mine", then one taught "more".

    The second tells the flow's fakes no longer from photographs (area 0.5); the third
    does again, but takes the greenest pictures for fakes.
    """
    registry = VersionRegistry(tmp_path_factory.mktemp("user"), shipped)
    teach(registry, datasets, made_dataset, fakes=9.0)
    registry.record_gate(2, PASSED | {"version": 2, "against": 1})
    registry.promote(2, why="it finds mine", by=ANN)
    teach(registry, datasets, made_dataset, datasets_taught=("more",), gain=-100)
    return registry


def table(registry: VersionRegistry, datasets: Path, **options) -> ForgettingTable:
    """The table of the taught network."""
    return forgetting_table(
        "cnn_multi", registry=registry, datasets_root=datasets, **options
    )


def test_every_version_and_generator_has_a_place(registry, datasets):
    """CIFAKE's, our own, then those of data sets; what was not asked has no area."""
    found = table(registry, datasets)

    assert [row.version for row in found.rows] == [1, 2, 3]
    assert found.generators == (
        *(CIFAKE_GENERATOR, "flow"),
        *("mine:dalle", "mine:flux", "more"),
    )
    assert found.troubles == ()
    first = found.rows[0].found
    assert first["flow"].roc_auc.value == 1
    assert first["mine:dalle"].roc_auc is None
    assert first["mine:dalle"].n > 0


def test_what_was_learnt_is_marked(registry, datasets):
    """It is inherited, and begins with the version that was taught it."""
    rows = table(registry, datasets).rows

    learnt = [[name for name, each in row.found.items() if each.learnt] for row in rows]
    assert learnt == [
        [CIFAKE_GENERATOR, "flow"],
        [CIFAKE_GENERATOR, "flow", "mine:dalle", "mine:flux"],
        [CIFAKE_GENERATOR, "flow", "mine:dalle", "mine:flux", "more"],
    ]


def test_forgetting_is_what_the_best_forebear_had_more(registry, datasets):
    """By hand: the flow falls from 1 to 0.5 and rises again, CIFAKE's stays."""
    first, second, third = table(registry, datasets).rows

    assert (first.forgetting, first.mean_forgetting) == ({}, None)
    assert first.backward_transfer is None
    assert second.forgetting == {CIFAKE_GENERATOR: 0, "flow": 0.5}
    assert second.mean_forgetting == 0.25
    assert second.backward_transfer == -0.25
    assert third.forgetting == {CIFAKE_GENERATOR: 0, "flow": 0}


def test_who_can_load_networks_asks_them(registry, datasets):
    """The third version was taught another set, and forgot the first altogether."""
    _, second, third = table(registry, datasets, load=load_network).rows

    assert second.found["mine:flux"].roc_auc.value == 1
    assert third.found["mine:flux"].roc_auc.value == 0
    assert third.forgetting["mine:flux"] == 1
    assert third.transfer["mine:flux"] == -1
    assert third.mean_forgetting == 0.5
    again = table(registry, datasets).rows[2]
    assert again.forgetting == third.forgetting  # the answers are kept


def test_what_cannot_be_read_is_said(registry, datasets):
    """A version whose tree is gone has a sentence instead of a row."""
    folder = registry.folder(3)
    away = folder.rename(folder.with_name("elsewhere"))

    found = table(registry, datasets)
    away.rename(folder)

    assert [row.version for row in found.rows] == [1, 2]
    [trouble] = found.troubles
    assert trouble.startswith("Version 3: ")


def test_another_networks_versions_are_not_in_the_table(registry, datasets):
    """The 2D-CNN was never taught: it has the shipped version alone."""
    found = forgetting_table("cnn", registry=registry, datasets_root=datasets)

    assert [row.version for row in found.rows] == [1]
