"""Recipes: the shipped ones, and how a run's own is read back."""

import json
from dataclasses import asdict

import pytest

from cifake_core.basics.errors import TrainingError
from cifake_core.generators.catalogue import GENERATORS
from cifake_core.networks import NETWORKS, OWN
from cifake_core.training.augmentation import AugmentConfig
from cifake_core.training.recipes import (
    RECIPES,
    TrainConfig,
    may_go_on,
    numbers,
    resumed,
    varied,
)


def test_each_network_of_our_own_has_a_recipe():
    """An ensemble needs none, as its members are trained."""
    assert set(RECIPES) == {name for name in OWN if NETWORKS[name].builder}


def test_generators_are_of_the_catalogue_and_one_is_never_met():
    """The network of many generators names its own; the others name none."""
    learnt = set(RECIPES["cnn_multi"].generators)

    assert learnt < set(GENERATORS)
    assert {name for name, recipe in RECIPES.items() if recipe.mixes} == {"cnn_multi"}
    assert not RECIPES["cnn"].generators


@pytest.mark.parametrize("name", RECIPES)
def test_the_shipped_recipes_harden_the_networks(name):
    """A part of the training pictures is corrupted, but not all of them."""
    assert 0 < RECIPES[name].augmentation.corrupted < 1


def test_a_recipe_comes_back_from_json():
    """What a checkpoint keeps is the whole recipe, augmentation included."""
    config = TrainConfig(
        epochs=7,
        seed=3,
        generators={"flow": 3, "diffusion": 9},
        num_generated=5,
        augmentation=AugmentConfig(shift=1, corrupted=0.0),
    )

    settings = json.loads(json.dumps(asdict(config)))

    assert resumed(settings, TrainConfig) == config


@pytest.mark.parametrize(
    "settings",
    [
        {"epochs": 2, "augmentation": {"jpeg_share": 0.5}},
        {"epochs": 2, "augmentation": {}, "patience": 5},
    ],
)
def test_a_recipe_of_another_version_is_refused(settings):
    """The sentence says what it was and what to do, before anything is trained."""
    with pytest.raises(TrainingError, match=r"another version.*'epochs': 2.*--out"):
        resumed(settings, TrainConfig)


def test_a_trial_is_the_recipe_but_for_what_it_varies():
    """Numbers of the pictures are named like the others; whole ones stay whole."""
    config = TrainConfig(epochs=7)

    trial = varied(config, {"epochs": 3.0, "shift": 0.0, "learning_rate": 0.05})

    expected = numbers(config) | {"epochs": 3, "shift": 0, "learning_rate": 0.05}
    assert numbers(trial) == expected
    assert isinstance(trial.epochs, int)
    assert varied(config, {}) == config
    assert varied(RECIPES["cnn_multi"], {"num_generated": 9}).num_generated == 9


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"momentum": 0.9}, r"Unknown setting 'momentum'.*epochs, .*, pasted\.$"),
        ({"augmentation": 0.0}, "Unknown setting 'augmentation'"),
        ({"generators": 1}, "Unknown setting 'generators'"),
        ({"epochs": 2.5}, r"a whole number for epochs, received 2\.5"),
    ],
)
def test_a_trial_of_something_else_is_refused(changes, message):
    """The sentence lists what there is, or says what is wrong with the number."""
    with pytest.raises(TrainingError, match=message):
        varied(TrainConfig(epochs=7), changes)


def test_a_run_from_before_a_setting_goes_on_without_it():
    """What did not exist then is off now, and nothing else is forgiven."""
    config = TrainConfig(epochs=7)
    settings = asdict(config)
    del settings["augmentation"]["pasted"]
    del settings["generators"]

    assert may_go_on(config, settings)
    assert not may_go_on(varied(config, {"pasted": 0.5}), settings)


def test_a_run_may_get_a_tail():
    """Its length changes nothing that was trained before; its rate does."""
    config = TrainConfig(epochs=7)

    assert may_go_on(varied(config, {"tail": 3}), asdict(config))
    assert not may_go_on(varied(config, {"tail": 3, "tail_rate": 1}), asdict(config))
    assert varied(config, {"tail": 3}).num_epochs == 10
