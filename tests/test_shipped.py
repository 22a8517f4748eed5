"""The networks in `models/`: what their cards say, the pictures confirm."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cifake_core.attention import records as attention
from cifake_core.basics import files
from cifake_core.basics.artefacts import to_json
from cifake_core.basics.labels import DECISIONS
from cifake_core.basics.places import CHECKOUT
from cifake_core.data import cifake
from cifake_core.data.archive import names_sha256
from cifake_core.evaluation import generator_scores, robustness, scores
from cifake_core.evaluation.fakes import report_fakes
from cifake_core.explain import EXPLAINERS
from cifake_core.generators.catalogue import GENERATORS
from cifake_core.networks import store
from cifake_core.networks.card import TEST_SETS
from cifake_core.networks.pool import NetworkPool
from cifake_core.pictures.reading import read_picture
from cifake_core.trust import table as trust_table
from cifake_core.verdicts import card as policy_card
from cifake_core.workbench import Workbench
from cifake_core.workbench.examples import EXAMPLES

MODELS = CHECKOUT / "models"
#: The share of the official test set that each must get right.
REQUIRED = {"cnn": 0.983, "cnn3d": 0.968, "ensemble": 0.985}
#: Those with weights and a card of their own, and what each may have at the most:
#: parameters and multiply-adds, in millions.
SHIPPED = {"cnn": (1.5, 90), "cnn3d": (1.5, 90), "cnn_multi": (2.5, 300)}
#: Those whose attention over many pictures was studied.
STUDIED = ("cnn", "cnn3d", "cnn_multi", "ensemble")
#: Those whose answers on corrupted pictures are kept.
CORRUPTED = ("cnn", "cnn3d")
#: What the expert must find of fakes where 2 % of the photographs are flagged. It
#: learnt all but `vqgan`.
FOUND = {
    **dict.fromkeys(
        ("gan_transposed", "gan_resize", "diffusion", "flow", "vqgan"), 0.9
    ),
    "vq_autoencoder": 0.83,
    "diffusion_pass": 0.64,
}


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

    parameters, multiply_adds = SHIPPED[name]
    assert card.parameters < parameters * 1e6
    assert card.multiply_adds < multiply_adds * 1e6
    assert card.seconds < 3.5 * 3600


def test_the_expert_finds_generators():
    """Fakes of our own generators, of test seeds, are told from test photographs."""
    name = "cnn_multi"
    fakes = generator_scores.read(name, MODELS).test
    shipped = scores.read(name, MODELS)

    report = report_fakes(shipped.logits[shipped.labels == 1], fakes)

    assert set(fakes) == set(GENERATORS)
    for generator, least in FOUND.items():
        assert report.generators[generator].recall.value >= least
    assert "vqgan" not in store.load_card(MODELS / name).generators
    assert shipped.report(leak_free=False).ece <= 0.01


@pytest.mark.slow
@pytest.mark.data
@pytest.mark.parametrize("name", [*REQUIRED, "cnn_multi"])
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
    card = policy_card.read(store.revisions(MODELS), MODELS)

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
    card = policy_card.read(store.revisions(MODELS), MODELS)

    given = [judge.judge(test.images[each]).decision for each in chosen]

    assert given == [DECISIONS[number] for number in card.numbers()[chosen]]


#: Kind, strength and what each network must reach there on the leak-free test set.
ROBUST = [
    ("jpeg", 40, 0.93),
    ("noise", 8, 0.93),
    ("blur", 0.6, 0.88),
    ("resize", 24, 0.83),
]


@pytest.mark.parametrize("name", CORRUPTED)
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


def test_the_app_opens_on_what_is_stored(tmp_path: Path):
    """No network is asked about the samples; else run `python -m cifake_core examples`.

    Each has its verdict, its map and its stability, and the drawn one abstains.
    """

    def refuse(folder: Path) -> Any:
        pytest.fail(f"{folder.name} was to be loaded: the stored answers are stale.")

    pool = NetworkPool(MODELS, load=refuse)
    bench = Workbench(MODELS, user_data=tmp_path, networks=pool)
    verdicts = {}
    for file in EXAMPLES:
        pixels = read_picture(CHECKOUT / "assets" / "samples" / file).pixels
        verdict = verdicts[file] = bench.judge(pixels)
        who = verdict.speaker
        label = verdict.predictions[who].label
        seen = verdict.prepared
        bench.explain(seen, network=who, method="gradcam", label=label)
        bench.stability(seen, network=verdict.decided_by)

    assert len(verdicts) == 6
    assert verdicts["checkerboard_32.png"].decision == "UNSURE"


@pytest.mark.parametrize("name", STUDIED)
def test_studies_of_attention_are_on_the_shipped_pictures(name):
    """Cells count 2,000 pictures as the stored scores and decisions have them."""
    found, clean = attention.read(name, MODELS), scores.read(name, MODELS)
    decisions = policy_card.read(store.revisions(MODELS), MODELS).numbers()
    at = found.positions

    columns = [
        clean.labels[at],
        clean.object_classes[at],
        clean.logits[at] >= 0,
        decisions[at],
    ]
    cells, counts = np.unique(
        np.stack(columns, axis=1).astype(np.int8), axis=0, return_counts=True
    )

    assert len(at) == 2000
    assert found.test_sha256 == names_sha256(clean.members)
    assert set(np.unique(np.stack(columns[:2]), axis=1, return_counts=True)[1]) == {100}
    assert (found.cells == cells).all()
    assert (found.counts == counts).all()
    assert found.sees_channels == (name in {"cnn3d", "ensemble"})


@pytest.mark.parametrize("name", STUDIED)
def test_evidence_for_fake_is_higher_on_fakes(name):
    """The sign is right: it adds up to more where the network calls FAKE."""
    found = attention.read(name, MODELS)

    fakes, reals = (attention.mean_map(found, called=called) for called in (0, 1))

    assert fakes.mean.sum() > 3
    assert reals.mean.sum() < -3
