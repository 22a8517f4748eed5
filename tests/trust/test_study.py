"""The study of every method: which pictures, which parts, and going on."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from cifake_core.basics import places
from cifake_core.basics.errors import DatasetError
from cifake_core.basics.labels import LABELS
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.replacements import PIXEL_REPLACEMENTS
from cifake_core.pictures.preprocessing import prepare
from cifake_core.trust import trials
from cifake_core.trust.journal import Journal
from cifake_core.trust.sanity import rank_correlation
from cifake_core.trust.splicing import KINDS
from cifake_core.trust.study import StudyRows, notebook_of, study
from cifake_core.trust.trials import Subjects, choose_pictures, curve_rows
from tests.fakes import constant_probe
from tests.subjects import FAST, SMALL, colour_probe, coloured, few_methods, subjects

NAMES = ("cnn", "cnn3d", "ensemble")


def ignore(_share: float) -> None:
    """Hear nothing."""


def run(studied: Subjects, folder, progress=ignore) -> StudyRows:
    """Return what a small study finds, with its parts in `folder`."""
    return study(studied, SMALL, notebook=Journal(folder), progress=progress)


def passes(studied: Subjects) -> int:
    """Return how many pictures the two networks were asked about."""
    return sum(sum(studied.networks[name].calls) for name in ("cnn", "cnn3d"))


def test_pictures_are_of_both_labels_and_a_quarter_errors():
    """Of eight, four are of each label; two are ones that every network gets wrong."""
    studied = subjects()

    rows = choose_pictures(studied, replace(SMALL, num_pictures=8))

    positions = [row["position"] for row in rows]
    said = np.array([LABELS.index(row["label"]) for row in rows])
    truths = studied.test.labels[positions]
    assert len(set(positions)) == 8
    assert truths.sum() == 4
    assert sorted(truths[said != truths].tolist()) == [0, 1]
    for network in studied.networks.values():
        logits = network.logits(studied.test.images[positions])
        np.testing.assert_array_equal(logits >= 0, said == 1)


def test_the_seed_decides_the_pictures():
    """The same seed gives the same ones in the same order, another seed others."""
    studied = subjects()

    first, again, other = (
        choose_pictures(studied, replace(SMALL, seed=seed)) for seed in (1, 1, 2)
    )

    assert first == again
    assert first != other


def test_leaked_pictures_are_not_chosen(monkeypatch):
    """With only ten pictures left, and few looked at a time, those ten are found."""
    studied = subjects()
    free = np.arange(120) % 12 == 1
    hashes = np.where(free, studied.test.hashes, studied.train.hashes[0])
    studied = replace(studied, test=replace(studied.test, hashes=hashes))
    monkeypatch.setattr(trials, "_CHUNK", 3)

    rows = choose_pictures(studied, replace(SMALL, num_pictures=100))

    assert {row["position"] for row in rows} == set(np.flatnonzero(free).tolist())


def test_pictures_on_which_networks_differ_are_left_out():
    """If they never agree, the sentence says what is missing."""
    opposed = {"cnn": constant_probe("rgb", 1), "cnn3d": constant_probe("planes", -1)}

    with pytest.raises(DatasetError, match=r"at least two leak-free .* Received 0; "):
        choose_pictures(replace(subjects(), networks=opposed), SMALL)


def test_members_forget_in_step():
    """The ensemble's step names a layer of each member, as long as there is one."""
    studied = subjects()

    after = studied.after(3)

    assert studied.forgotten("cnn") == ("top", "bottom")
    assert studied.forgotten("ensemble") == ("top + head", "bottom + middle", "foot")
    assert list(after) == ["cnn3d", "ensemble"]
    assert [part.sha256[-3:] for part in after["ensemble"].parts] == ["102", "103"]
    assert after["ensemble"].weights == (0.5, 0.5)


@pytest.mark.slow
def test_every_trial_has_its_rows(tmp_path, monkeypatch):
    """Networks times methods, times what each trial tells apart."""
    few_methods(monkeypatch)

    found = run(subjects(), tmp_path)

    offers = {(name, method) for name in NAMES for method in FAST}
    assert {(row["network"], row["method"]) for row in found.curves} == offers
    assert len(found.pictures) == 4
    assert len(found.curves) == 4 * len(offers) * (1 + len(PIXEL_REPLACEMENTS))
    assert len(found.splices) == 12 * len(offers)
    kinds = {(row["size"], row["pasted"], row["edge"]) for row in found.splices}
    assert len(kinds) == len(KINDS)
    steps = [(row["network"], row["step"]) for row in found.sanity]
    assert len(steps) == 2 * len(FAST) * (2 + 3 + 3)
    assert ("cnn", 3) not in steps
    assert ("ensemble", 3) in steps
    assert found.seconds > 0


def test_maps_are_compared_with_those_of_the_whole_network(tmp_path, monkeypatch):
    """Each correlation is of the maps before any and after so much forgetting."""
    few_methods(monkeypatch)
    studied = subjects()

    found = run(studied, tmp_path)

    asked = found.pictures[: SMALL.num_sanity_pictures]
    for name, step, method in product(("cnn", "cnn3d"), (1, 2), FAST):
        whole = studied.networks[name]
        forgot = colour_probe(whole.spec.input_kind, 100 + step)
        expected = []
        for seed, row in enumerate(asked):
            picture = prepare(studied.test.images[row["position"]])
            before, after = (
                EXPLAINERS[method]
                .explain(network, picture, label=row["label"], seed=seed, settings={})
                .heatmap
                for network in (whole, forgot)
            )
            expected.append(rank_correlation(before, after))
        assert max(map(abs, expected)) < 1
        assert [
            row["correlation"]
            for row in found.sanity
            if (row["network"], row["method"], row["step"]) == (name, method, step)
        ] == expected


@pytest.mark.slow
def test_a_stopped_study_goes_on(tmp_path, monkeypatch):
    """What was finished is not asked again, and the rows are the same."""
    few_methods(monkeypatch)
    whole, halves, said = subjects(), subjects(), []
    expected = run(whole, tmp_path / "whole")

    def stop(share: float) -> None:
        if share > 0.2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(halves, tmp_path / "halves", stop)
    before = passes(halves)
    found = run(halves, tmp_path / "halves", said.append)

    assert 0 < before < passes(halves) == passes(whole)
    assert (said[0], said[-1], said) == (0, 1, sorted(said))
    for trial in ("pictures", "curves", "splices", "sanity"):
        assert getattr(found, trial) == getattr(expected, trial)
    run(halves, tmp_path / "halves")
    assert passes(halves) == passes(whole)


def test_a_notebook_is_of_one_study_alone():
    """Other weights, settings or pictures have another; it is in the user's cache."""
    studied = subjects()
    notebook_of(studied, SMALL).rows("pictures", lambda: [{"position": 1}])

    other_weights = {**studied.networks, "cnn": constant_probe("rgb", 1)}

    assert "pictures" in notebook_of(subjects(), SMALL)
    for other, config in (
        (studied, replace(SMALL, seed=1)),
        (replace(studied, networks=other_weights), SMALL),
        (replace(studied, test=coloured("test", 3)), SMALL),
    ):
        assert "pictures" not in notebook_of(other, config)
    assert list((places.cache_folder() / "trust").glob("*/pictures.json"))


def test_an_ensemble_asks_for_no_maps_of_its_own():
    """Its methods ask of its members what theirs asked before."""
    studied = subjects()
    picture = prepare(studied.test.images[1])
    members = {name: studied.networks[name] for name in ("cnn", "cnn3d")}
    asked = {"label": "FAKE", "seed": 0, "config": SMALL}

    trials.heatmaps(members, picture, **asked)
    alone = passes(studied)
    maps = trials.heatmaps(studied.networks, picture, **asked)

    assert passes(studied) == 2 * alone
    assert list(maps) == [(name, method) for name in NAMES for method in EXPLAINERS]


def test_every_method_is_tried_with_the_samples_asked_for():
    """All are in the rows of a picture; the score is the area between the curves."""
    studied = subjects()
    picture = prepare(studied.test.images[1])

    rows = curve_rows(
        {"cnn": studied.networks["cnn"]}, picture, label="FAKE", seed=0, config=SMALL
    )

    assert [row["method"] for row in rows[::3]] == list(EXPLAINERS)
    assert [row["replacement"] for row in rows[:3]] == ["all", *PIXEL_REPLACEMENTS]
    for row in rows:
        insertion = row["insertion_auc"] - row["random_insertion_auc"]
        deletion = row["random_deletion_auc"] - row["deletion_auc"]
        assert row["trust_score"] == pytest.approx((insertion + deletion) / 2)
    assert max(studied.networks["cnn"].calls) < 200
