"""Workbench on what is stored: read once, anew when it is made anew, or a sentence."""

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from cifake_core.basics.errors import (
    CifakeError,
    DatasetError,
    ModelUnavailableError,
)
from cifake_core.basics.places import CHECKOUT, user_data_folder
from cifake_core.data import cifake, facts
from cifake_core.data.archive import names_sha256
from cifake_core.evaluation import scores
from cifake_core.networks import NETWORKS, store
from cifake_core.networks.inputs import network_input
from cifake_core.networks.inspection.convolution import meets
from cifake_core.pictures.corruptions import CORRUPTIONS
from cifake_core.trust import table
from cifake_core.workbench import Workbench
from tests import made_data, made_records
from tests.cards import network_card
from tests.models import Remake


@pytest.fixture
def bench(made: Path) -> Workbench:
    """Return a workbench over the networks made by hand."""
    return Workbench(made, user_data=user_data_folder())


def test_reports_are_of_their_set(bench):
    """The leak-free set leaves out the leaked picture; each report is counted once."""
    both = [
        bench.evaluation.report("cnn", leak_free=leak_free)
        for leak_free in (False, True)
    ]

    assert [report.n for report in both] == [60, 59]
    assert bench.evaluation.report("cnn", leak_free=True) is both[1]
    assert bench.robustness.report("cnn", leak_free=True).n == 59


def test_a_corruption_changes_the_logits_alone(bench):
    """Which pictures flip, and what that costs, follows from the two scores."""
    jpeg = CORRUPTIONS["jpeg_50"]

    after = bench.robustness.corrupted("cnn", jpeg)
    flipped = bench.robustness.flipped("cnn", jpeg)
    loss = bench.robustness.loss("cnn", jpeg, leak_free=True)

    assert after.logits[3] == 1.0
    assert after.in_training[0]
    assert np.flatnonzero(flipped).tolist() == [3, 35]
    assert loss.n == 59
    assert bench.robustness.corrupted("cnn", jpeg) is after
    assert not bench.robustness.flipped("cnn", CORRUPTIONS["noise_8"]).any()


def test_comparisons_follow_from_the_scores(bench):
    """Networks with the same answers are wrong on the same pictures."""
    found = bench.evaluation.comparison("cnn", "cnn3d", leak_free=False)
    cells = bench.evaluation.cells("cnn", "cnn3d")

    assert (found.only_a, found.only_b) == (0, 0)
    assert np.flatnonzero(cells["both_wrong"]).tolist() == [0, 7, 40]


def test_scores_of_new_weights_are_read_anew(remake: Remake):
    """A network that is trained again has answers of its own."""
    models = remake()
    bench = Workbench(models, user_data=user_data_folder())
    before = bench.evaluation.report("cnn", leak_free=False)
    found = scores.read("cnn", models)

    store.write_card(models / "cnn", network_card("cnn", "b2"))
    better = replace(found, model_sha256="b2", logits=found.labels * 2.0 - 1)
    scores.write(better, models / "cnn")

    assert bench.evaluation.report("cnn", leak_free=False).accuracy.value == 1
    assert before.accuracy.value == 0.95


def test_facts_are_read_again_when_they_were_made_again(remake: Remake):
    """The same file is read once, another one anew; a missing one is a sentence."""
    models = remake()
    bench = Workbench(models, user_data=user_data_folder())
    first, again = bench.dataset.facts(), bench.dataset.facts()
    facts.write(replace(first, data_digest="d2"), models)
    second = bench.dataset.facts()
    (models / facts.FACTS_FILE).unlink()

    with pytest.raises(CifakeError, match="facts on the data set"):
        bench.dataset.facts()
    assert first is again
    assert second.data_digest == "d2"


def test_pictures_of_other_facts_are_refused(remake: Remake, made_dataset: Path):
    """However often one asks; those of the facts are given."""
    models = remake()
    bench = Workbench(models, user_data=user_data_folder())
    split = bench.dataset.split_of_facts(made_dataset)
    facts.write(replace(bench.dataset.facts(), members_sha256="x"), models)

    for _ in range(2):
        with pytest.raises(DatasetError, match="on other test pictures"):
            bench.dataset.split_of_facts(made_dataset)
    assert len(split.labels) == 60


def test_parts_of_the_test_set(bench):
    """Copies and almost grey pictures have accuracies of their own."""
    assert bench.dataset.copy_parts("cnn")["leak_free"].n == 59
    assert sum(part.n for part in bench.dataset.grey_parts("cnn").values()) == 60


def test_the_data_set_is_named_only_where_it_is(
    bench, made_dataset: Path, monkeypatch: pytest.MonkeyPatch
):
    """A place without it is none."""
    there = bench.dataset.path()
    monkeypatch.setenv("CIFAKE_DATA", str(made_dataset / "no"))

    assert there == made_dataset
    assert bench.dataset.path() is None


def test_a_few_training_pictures_are_read(
    bench, tiny_zip: Path, tiny_dataset: Path, made_dataset: Path
):
    """They are those at the positions asked for, from a zip or a folder."""
    found = bench.evaluation.embedding_map("cnn")
    train = cifake.load(tiny_dataset, "train")
    other = replace(found, train_sha256=names_sha256(train.members))
    asked = np.array([20, 3])

    for path in (tiny_zip, tiny_dataset):
        images = bench.dataset.training_pictures(path, other, asked)
        np.testing.assert_array_equal(images, train.images[asked])
    assert len(bench.dataset.training_pictures(made_dataset, found, asked[1:])) == 1


def test_training_pictures_of_another_map_are_refused(bench, tiny_zip: Path):
    """A map says nothing of other pictures at its positions."""
    found = bench.evaluation.embedding_map("cnn")

    with pytest.raises(DatasetError, match=r"tiny\.zip holds other training pictures"):
        bench.dataset.training_pictures(tiny_zip, found, np.array([0]))


def test_card_and_history_come_from_the_folder(bench, made: Path):
    """A network without learning curves has none."""
    assert bench.card("cnn").model_sha256 == store.revision("cnn", made)
    assert bench.evaluation.history("cnn")["epoch"] == [0.1, 0.2]
    assert bench.evaluation.history("cnn3d") == {}


def test_the_trust_table_is_read_anew_when_it_was_made_anew(remake: Remake):
    """Without a usable file, or with that of other weights, there is none."""
    models = remake()
    bench = Workbench(models, user_data=user_data_folder())
    hashes = {"cnn": store.revision("cnn", models)}
    made = made_records.trust_table(hashes, best="hirescam")
    found = [bench.trust_table()]

    for each in (made, replace(made, num_errors=26)):
        table.write(each, models)
        found.append(bench.trust_table())
    assert bench.trust_table() is found[-1]
    store.write_card(models / "cnn", network_card("cnn", "b2"))
    found.append(bench.trust_table())
    (models / table.TRUST_FILE).write_text("{", "utf-8")
    found.append(bench.trust_table())

    assert [each and each.num_errors for each in found] == [None, 25, 26, None, None]


def test_damaged_weights_are_told(remake: Remake):
    """Verdict and lesson have the sentence that says how to get them again."""
    bench = Workbench(
        remake(damaged=("cnn/model.keras",)), user_data=user_data_folder()
    )
    picture = bench.prepare(made_data.picture())

    with pytest.raises(ModelUnavailableError, match="git checkout"):
        bench.judge(picture.pixels)
    with pytest.raises(ModelUnavailableError, match="git checkout"):
        bench.inspection.feature_maps(picture, network="cnn")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["cnn", "cnn3d"])
def test_the_first_layers_are_those_of_the_shipped_network(name: str):
    """They are fed the picture, and one value follows from kernel and bias."""
    bench = Workbench(CHECKOUT / "models", user_data=user_data_folder())
    picture = bench.prepare(made_data.noise())

    first, second = bench.inspection.feature_maps(picture, network=name)

    fed = network_input(NETWORKS[name].input_kind, picture.pixels[None])[0]
    np.testing.assert_allclose(first.given, fed / 127.5 - 1, atol=1e-5)
    assert second.given.shape[-1] == first.convolution.num_filters
    assert bench.inspection.feature_maps(picture, network=name)[0] is first
    for maps in (first, second):
        opened = maps.convolution
        place = tuple(size // 2 for size in maps.filtered.shape[:-1])
        met = [
            meets(opened, maps.given.shape[axis], place=number, axis=axis)
            for axis, number in enumerate(place)
        ]
        value = opened.bias + sum(
            maps.given[there] @ opened.kernel[slot]
            for slot, there in zip(np.ndindex(opened.size), product(*met), strict=True)
            if None not in there
        )
        np.testing.assert_allclose(maps.filtered[place], value, rtol=1e-4, atol=1e-4)
        assert maps.passed.min() >= 0
