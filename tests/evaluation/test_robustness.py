"""Damaged pictures: repeatable corruption, and scores tied to their weights."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cifake_core.basics.errors import ModelUnavailableError, UnknownNameError
from cifake_core.data import cifake
from cifake_core.evaluation import robustness, scores
from cifake_core.evaluation.robustness import (
    CorruptionScores,
    corrupt,
    measure,
    report_to_json,
)
from cifake_core.evaluation.stacking import fit_ensemble
from cifake_core.networks import store
from cifake_core.networks.ensemble import Ensemble
from cifake_core.pictures.corruptions import CORRUPTION_KINDS, CORRUPTIONS
from tests.cards import network_card
from tests.fakes import constant_probe, noise, random_probe
from tests.models import validation_scores

CELLS = [
    (kind, strength)
    for kind, corruption in CORRUPTION_KINDS.items()
    for strength in corruption.strengths
]
SHAPE = (4, 5)


@pytest.fixture
def splits(tiny_dataset):
    """Return the test and the training pictures of the tiny data set."""
    return tuple(cifake.load(tiny_dataset, split) for split in ("test", "train"))


@pytest.fixture
def models(tmp_path):
    """Return a folder with the cards and validation scores of two networks."""
    for seed, name in enumerate(("cnn", "cnn3d")):
        folder = tmp_path / name
        folder.mkdir()
        sha256 = f"sha of {name}"
        store.write_card(folder, network_card(name, sha256))
        made = validation_scores(name, sha256, seed=seed)
        scores.write(made, folder, store.VALIDATION_FILE)
    fit_ensemble("ensemble", tmp_path)
    return tmp_path


def scores_of(network: str, *, seed: int = 0, prefix: str = "") -> CorruptionScores:
    """Return scores of four pictures, of which the second is leaked."""
    files = ["FAKE/0.jpg", "FAKE/1.jpg", "REAL/0000.jpg", "REAL/0001.jpg"]
    logits = np.random.RandomState(seed).normal(0, 3, (*SHAPE, 4))
    return CorruptionScores(
        network=network,
        model_sha256=f"sha of {network}",
        members=np.array([f"{prefix}test/{file}" for file in files]),
        labels=np.array([0, 0, 1, 1], np.int8),
        leak_free=np.array([True, False, True, True]),
        logits=logits.astype(np.float16),
    )


def clean_scores(corrupted: CorruptionScores) -> scores.Scores:
    """Return scores of the same pictures as they are, from another folder."""
    made = validation_scores("cnn", corrupted.model_sha256)
    members = [member.removeprefix("cifake/") for member in corrupted.members]
    parts = {
        name: getattr(made, name)[:4]
        for name in (
            *("labels", "object_classes", "logits", "seen_classes"),
            *("in_training", "repeats"),
        )
    }
    return replace(made, members=np.array(members), **parts)


def write(models, *many: CorruptionScores) -> None:
    """Write each beside its network's card."""
    for one in many:
        robustness.write(one, models / one.network)


@pytest.mark.parametrize(("kind", "strength"), CELLS)
def test_every_picture_is_damaged_as_the_table_says(kind, strength):
    """Each is a changed copy of its own, and the originals stay as they were."""
    images = np.stack([noise(1), noise(2)])
    before = images.copy()

    corrupted = corrupt(images, np.array(["0a", "0b"]), kind=kind, strength=strength)

    alone = CORRUPTION_KINDS[kind].apply(
        images[1], strength, np.random.default_rng(0x0B)
    )
    np.testing.assert_array_equal(corrupted[1], alone)
    np.testing.assert_array_equal(images, before)
    assert (corrupted.shape, corrupted.dtype) == (images.shape, np.uint8)
    assert (corrupted != images).any(axis=(1, 2, 3)).all()


def test_noise_follows_a_picture_wherever_it_stands():
    """Turned round or alone, a picture gets the noise of its hash."""
    images = np.stack([noise(seed) for seed in range(3)])
    hashes = np.array(["a" * 64, "b" * 64, "c" * 64])

    together = corrupt(images, hashes, kind="noise", strength=8)
    turned = corrupt(images[::-1], hashes[::-1], kind="noise", strength=8)
    alone = corrupt(images[2:], hashes[2:], kind="noise", strength=8)

    np.testing.assert_array_equal(turned, together[::-1])
    np.testing.assert_array_equal(alone[0], together[2])


def test_two_pictures_get_noise_of_their_own():
    """The same grey under two hashes is corrupted in two ways."""
    grey = np.full((2, 32, 32, 3), 128, np.uint8)

    one, other = corrupt(grey, np.array(["a1", "a2"]), kind="noise", strength=8)

    assert np.corrcoef(one.ravel(), other.ravel())[0, 1] < 0.1


def test_stronger_noise_is_the_same_noise():
    """Sigma 2 and sigma 16 differ by the factor alone."""
    grey, hashes = np.full((1, 32, 32, 3), 128, np.uint8), np.array(["ff"])

    weak, strong = (
        corrupt(grey, hashes, kind="noise", strength=sigma) for sigma in (2, 16)
    )

    drawn = np.random.default_rng(255).standard_normal((32, 32, 3), np.float32)
    np.testing.assert_array_equal(weak[0], np.rint(128 + 2 * drawn))
    np.testing.assert_array_equal(strong[0], np.clip(np.rint(128 + 16 * drawn), 0, 255))


def test_an_unknown_kind_is_refused():
    """The sentence lists what there is."""
    with pytest.raises(UnknownNameError, match=r"no corruption called 'rain'.*jpeg"):
        corrupt(noise()[None], np.array(["00"]), kind="rain", strength=1)


def test_every_cell_holds_the_networks_own_logits(splits, monkeypatch):
    """Cell by cell, part by part, the answers are those to the corrupted pictures."""
    monkeypatch.setattr(robustness, "_CHUNK", 5)
    test, train = splits
    network, told = random_probe("rgb", 1), []

    made = measure(network, test, train, progress=told.append)

    assert (made.logits.shape, made.logits.dtype) == ((*SHAPE, 12), np.float16)
    assert network.calls == [5, 5, 2] * len(CELLS)
    for row, (kind, strength) in zip(made.logits.reshape(-1, 12), CELLS, strict=True):
        corrupted = corrupt(test.images, test.hashes, kind=kind, strength=strength)
        np.testing.assert_allclose(row, network.logits(corrupted), rtol=2e-3)
    np.testing.assert_allclose(told, np.arange(1, 61) / 60)
    assert (made.network, made.model_sha256) == ("cnn", network.sha256)
    np.testing.assert_array_equal(made.members, test.members)
    np.testing.assert_array_equal(made.labels, test.labels)
    np.testing.assert_array_equal(made.leak_free, cifake.leak_free(test, train))


def test_measuring_again_gives_the_same(splits):
    """Nothing is left to chance, the noise included."""
    first, second = (measure(random_probe("rgb", 1), *splits) for _ in "ab")

    np.testing.assert_array_equal(first.logits, second.logits)


@pytest.mark.parametrize(
    ("leak_free", "n", "share"), [(False, 12, 0.5), (True, 10, 0.6)]
)
def test_a_network_that_says_real_is_right_of_the_real(splits, leak_free, n, share):
    """Two of the six FAKE pictures are copies, so it looks better without them."""
    made = measure(constant_probe("rgb", 1), *splits)

    report = made.report(leak_free=leak_free)

    assert report.n == n
    assert list(report.accuracy) == list(CORRUPTION_KINDS)
    for kind, shares in report.accuracy.items():
        assert tuple(shares) == CORRUPTION_KINDS[kind].strengths
        for estimate in shares.values():
            assert estimate.value == pytest.approx(share)
            assert estimate.low < share < estimate.high


@pytest.mark.parametrize(("leak_free", "share"), [(False, 0.75), (True, 2 / 3)])
def test_each_share_is_that_of_its_own_cell(leak_free, share):
    """One picture wrong in one cell lowers that cell and no other."""
    made = scores_of("cnn")
    made.logits[:] = np.array([-1, -1, 1, 1], np.float16)
    made.logits[2, 1, 3] = -0.5

    report = made.report(leak_free=leak_free)

    shares = {
        (kind, strength): estimate.value
        for kind, by_strength in report.accuracy.items()
        for strength, estimate in by_strength.items()
    }
    assert shares.pop(("blur", 0.6)) == pytest.approx(share)
    assert set(shares.values()) == {1.0}


def test_json_holds_a_list_for_each_kind():
    """Strength, accuracy and interval are plain numbers."""
    report = scores_of("cnn").report(leak_free=False)

    figures = report_to_json(report)

    assert list(figures) == ["jpeg", "noise", "blur", "resize"]
    assert [row["strength"] for row in figures["noise"]] == [2, 4, 8, 12, 16]
    estimate = report.accuracy["jpeg"][40]
    assert figures["jpeg"][3] == {
        "strength": 40,
        "accuracy": estimate.value,
        "accuracy_ci95": [estimate.low, estimate.high],
    }
    assert json.loads(json.dumps(figures)) == figures


def test_what_is_written_is_read(models):
    """Every column comes back with values and type, and no scratch file is left."""
    written = scores_of("cnn")
    write(models, scores_of("cnn", seed=1), written)

    read = robustness.read("cnn", models)

    assert (read.network, read.model_sha256) == ("cnn", "sha of cnn")
    for name in ("members", "labels", "leak_free", "logits"):
        ours, theirs = getattr(read, name), getattr(written, name)
        np.testing.assert_array_equal(ours, theirs)
        assert ours.dtype == theirs.dtype
    assert {file.name for file in (models / "cnn").iterdir()} == {
        store.CARD_FILE,
        store.CORRUPTIONS_FILE,
        store.VALIDATION_FILE,
    }


def test_the_file_names_its_cells(models):
    """Another program finds a cell by kind and strength."""
    written = scores_of("cnn")
    write(models, written)

    table = pd.read_parquet(models / "cnn" / store.CORRUPTIONS_FILE)

    np.testing.assert_array_equal(table["jpeg_90"], written.logits[0, 0])
    np.testing.assert_array_equal(table["blur_0.4"], written.logits[2, 0])
    np.testing.assert_array_equal(table["resize_16"], written.logits[3, 4])


@pytest.mark.parametrize("prefix", ["", "cifake/"])
def test_an_ensembles_scores_follow_from_its_members(models, prefix):
    """Its logits are their weighted sum, wherever their data sets lay."""
    first, second = scores_of("cnn"), scores_of("cnn3d", seed=1, prefix=prefix)
    write(models, first, second)

    read = robustness.read("ensemble", models)

    one, other = store.ensemble_weights("ensemble", models).values()
    expected = one * first.logits.astype(float) + other * second.logits.astype(float)
    np.testing.assert_allclose(read.logits, expected, rtol=1e-3)
    assert read.logits.dtype == np.float16
    assert read.network == "ensemble"
    assert read.model_sha256 == store.revision("ensemble", models)


def test_measuring_an_ensemble_agrees_with_its_members(splits, models):
    """From the pictures or from the members' scores, it says the same to the bit."""
    probes = {"cnn": random_probe("rgb", 1), "cnn3d": random_probe("planes", 2)}
    for name, probe in probes.items():
        probe.sha256 = f"sha of {name}"
    write(models, *(measure(probe, *splits) for probe in probes.values()))
    weights = tuple(store.ensemble_weights("ensemble", models).values())

    measured = measure(
        Ensemble("ensemble", [*probes.values()], weights=weights), *splits
    )

    read = robustness.read("ensemble", models)
    np.testing.assert_array_equal(measured.logits, read.logits)
    assert measured.model_sha256 == read.model_sha256


def test_members_must_have_seen_the_same_pictures(models):
    """A sum over other pictures would be no network's answer."""
    other = scores_of("cnn3d")
    other.members[0] = "test/FAKE/7.jpg"
    write(models, scores_of("cnn"), other)

    with pytest.raises(ModelUnavailableError, match="not on the same pictures"):
        robustness.read("ensemble", models)


def test_damage_changes_what_a_network_says():
    """The answers are those of one cell, in full precision; all else stays."""
    corrupted = scores_of("cnn", prefix="cifake/")
    clean = clean_scores(corrupted)

    after = robustness.after(CORRUPTIONS["blur_0.6"], clean, corrupted)

    np.testing.assert_array_equal(after.logits, corrupted.logits[2, 1])
    assert after.logits.dtype == np.float32
    assert after.members is clean.members


def test_damage_is_not_told_of_other_pictures():
    """Scores on another test set are refused with the command that makes them."""
    corrupted = scores_of("cnn")
    clean = clean_scores(corrupted)
    corrupted.members[2] = "test/REAL/0009.jpg"

    with pytest.raises(
        ModelUnavailableError,
        match=r"'cnn' and those on corr.*again for cnn with .*--corruptions --save",
    ):
        robustness.after(CORRUPTIONS["blur_0.6"], clean, corrupted)


def test_a_damaged_picture_is_the_one_that_was_scored(splits):
    """Made again from its hash, it is the picture of its cell."""
    test, _ = splits

    image = robustness.corrupted(test, 4, CORRUPTIONS["noise_16"])

    scored = corrupt(test.images, test.hashes, kind="noise", strength=16)
    np.testing.assert_array_equal(image, scored[4])


@pytest.mark.parametrize("name", ["cnn3d", "ensemble"])
def test_missing_scores_say_how_to_make_them(models, name):
    """The sentence holds the command for the network that lacks them."""
    write(models, scores_of("cnn"))

    with pytest.raises(
        ModelUnavailableError,
        match=r"no table of corruption scores .*evaluate cnn3d --corruptions --save",
    ):
        robustness.read(name, models)


@pytest.mark.parametrize("column", ["leak_free", "noise_8", "model_sha256"])
def test_a_table_without_a_column_is_refused(models, column):
    """Scores of other strengths are named, not half read."""
    write(models, scores_of("cnn"))
    path = models / "cnn" / store.CORRUPTIONS_FILE
    pd.read_parquet(path).drop(columns=column).to_parquet(path, index=False)

    with pytest.raises(ModelUnavailableError, match=r"cannot be read.*--corruptions"):
        robustness.read("cnn", models)


def test_an_unknown_network_is_refused(models):
    """The sentence lists the networks."""
    with pytest.raises(UnknownNameError, match="no network called 'vgg'"):
        robustness.read("vgg", models)
