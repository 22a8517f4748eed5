"""The networks in `models/`: what their cards say, the pictures confirm."""

import numpy as np
import pytest

from cifake_core.basics import files
from cifake_core.basics.artefacts import to_json
from cifake_core.basics.labels import DECISIONS
from cifake_core.basics.places import CHECKOUT
from cifake_core.data import cifake
from cifake_core.evaluation import robustness, scores
from cifake_core.explain import EXPLAINERS
from cifake_core.networks import store
from cifake_core.networks.card import TEST_SETS
from cifake_core.networks.pool import NetworkPool
from cifake_core.trust import table as trust_table
from cifake_core.verdicts import card as policy_card

MODELS = CHECKOUT / "models"
#: The share of the official test set that each must get right.
REQUIRED = {"cnn": 0.983, "cnn3d": 0.968, "ensemble": 0.985}
#: Those with weights and a card of their own.
SHIPPED = ("cnn", "cnn3d")


def assert_alike(quoted: object, counted: object) -> None:
    """Check two JSON values for the same keys and the same figures."""
    if isinstance(quoted, dict):
        assert quoted.keys() == counted.keys()
        for key, value in quoted.items():
            assert_alike(value, counted[key])
    elif isinstance(quoted, list | tuple):
        assert len(quoted) == len(counted)
        for pair in zip(quoted, counted, strict=True):
            assert_alike(*pair)
    else:
        assert quoted == pytest.approx(counted, abs=1e-9)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_card_is_on_the_shipped_files(name):
    """Weights and scores are those whose hashes stand in the card."""
    folder = MODELS / name

    card = store.load_card(folder)

    assert card.model_sha256 == files.file_sha256(folder / store.WEIGHTS_FILE)
    assert card.test_scores_sha256 == files.file_sha256(folder / store.SCORES_FILE)
    assert card.data_digest == cifake.PUBLISHED_DIGEST


@pytest.mark.parametrize("name", SHIPPED)
def test_the_card_quotes_its_scores(name):
    """The figures of the card are those of the scores."""
    card = store.load_card(MODELS / name)

    shipped = scores.read(name, MODELS)

    for subset in TEST_SETS:
        report = shipped.report(leak_free=subset == "leak_free")
        assert_alike(to_json(card.test[subset]), to_json(report.metrics))


@pytest.mark.parametrize("name", REQUIRED)
def test_the_scores_suffice(name):
    """Right often enough, as sure as right, and not owing it to leaked copies."""
    shipped = scores.read(name, MODELS)

    official, leak_free = (shipped.report(leak_free=each) for each in (False, True))

    assert official.accuracy.value >= REQUIRED[name]
    assert abs(official.accuracy.value - leak_free.accuracy.value) <= 0.001
    assert official.ece <= 0.01
    assert official.objects.accuracy.value >= 0.85


@pytest.mark.parametrize("name", SHIPPED)
def test_each_network_is_small(name):
    """Parameters and multiply-adds stay within what the product allows itself."""
    card = store.load_card(MODELS / name)

    assert card.parameters < 1_500_000
    assert card.multiply_adds < 90_000_000
    assert card.seconds < 3.5 * 3600


@pytest.mark.slow
@pytest.mark.data
@pytest.mark.parametrize("name", REQUIRED)
def test_the_pictures_give_the_shipped_scores(name, cifake_data):
    """The network, asked again about 400 test pictures, says what was stored."""
    test = cifake.load(cifake_data, "test")
    shipped = scores.read(name, MODELS)
    chosen = np.random.RandomState(0).choice(len(test.labels), 400, replace=False)

    logits = NetworkPool(MODELS).network(name).logits(test.images[chosen])

    np.testing.assert_array_equal(test.members[chosen], shipped.members[chosen])
    np.testing.assert_allclose(logits, shipped.logits[chosen], atol=1e-4)


def test_verdicts_keep_their_promise():
    """Enough pictures get one, nearly all are right, and strangers get none."""
    card = policy_card.read(
        {name: store.revision(name, MODELS) for name in REQUIRED}, MODELS
    )

    assert card.data_digest == cifake.PUBLISHED_DIGEST
    for name in ("official", "leak_free"):
        assert card.of_set(name).coverage.value >= 0.95
        assert card.of_set(name).accuracy.value >= 0.99
    assert card.ordinary.judged.value <= 0.1
    assert all(row.kept.value >= 0.85 for row in card.forms)
    assert len(card.test_decisions) == card.of_set("official").n == 20_000


def test_the_methods_were_tried_on_these_networks():
    """The table is of these weights, as large as was set out, and names a winner."""
    table = trust_table.read(MODELS)

    assert table.data_digest == cifake.PUBLISHED_DIGEST
    assert set(table.model_sha256) == set(REQUIRED)
    assert len(table.positions) == 100
    assert table.settings["num_random_maps"] == 10
    assert table.num_errors == 25
    for name in REQUIRED:
        assert set(table.scores(name)) == set(EXPLAINERS)
        assert sum(row.n for row in table.patches(name).values()) == 300 * 8
        best = table.best_method(name)
        assert table.forgetting(name)[best].falls
        assert table.scores(name)[best].score.low > 0
        assert table.patches(name)[best].share.low > table.patches(name)[best].area


@pytest.mark.slow
@pytest.mark.data
def test_the_pictures_get_the_shipped_verdicts(cifake_data):
    """Asked again about 100 test pictures, the product says what the card says."""
    from cifake_core.verdicts.judge import Judge

    judge = Judge(NetworkPool(MODELS))
    test = cifake.load(cifake_data, "test")
    chosen = np.random.RandomState(1).choice(len(test.labels), 100, replace=False)
    names = NetworkPool(MODELS).names()
    card = policy_card.read(
        {name: store.revision(name, MODELS) for name in names}, MODELS
    )

    given = [judge.judge(test.images[each]).decision for each in chosen]

    assert given == [DECISIONS[number] for number in card.numbers()[chosen]]


#: Kind, strength and what each network must reach there on the leak-free test set.
ROBUST = [
    ("jpeg", 40, 0.93),
    ("noise", 8, 0.93),
    ("blur", 0.6, 0.88),
    ("resize", 24, 0.83),
]


@pytest.mark.parametrize("name", SHIPPED)
def test_the_card_quotes_its_corruption_scores(name):
    """Hash and both tables are those of the file beside the card."""
    folder = MODELS / name

    card = store.load_card(folder)

    stored = robustness.read(name, MODELS)
    sha256 = files.file_sha256(folder / store.CORRUPTIONS_FILE)
    assert card.corruption_scores_sha256 == sha256
    for subset in TEST_SETS:
        report = stored.report(leak_free=subset == "leak_free")
        assert_alike(to_json(card.corruptions[subset]), to_json(report.by_kind))


@pytest.mark.parametrize(("kind", "strength", "least"), ROBUST)
@pytest.mark.parametrize("name", REQUIRED)
def test_damage_is_borne(name, kind, strength, least):
    """Compression, noise, blur and resizing cost no more than was promised."""
    report = robustness.read(name, MODELS).report(leak_free=True)

    assert report.accuracy[kind][strength].value >= least
