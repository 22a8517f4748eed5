"""The gate on whole versions: who passes, and what one is refused for."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cifake_core.basics.errors import DatasetError, VersionError
from cifake_core.basics.labels import LABELS
from cifake_core.data.datasets import library
from cifake_core.networks import store
from cifake_core.retraining.gate import gate
from cifake_core.retraining.gate_measures import Meters
from cifake_core.retraining.gate_records import GateReport
from cifake_core.verdicts.card import POLICY_FILE
from cifake_core.versions.registry import VersionRegistry
from tests import made_gates
from tests.made_data import picture
from tests.made_datasets import write_set
from tests.made_gates import METERS, right, teach
from tests.made_versions import ANN


@pytest.fixture(scope="module")
def shipped(made_models, made_dataset, tmp_path_factory) -> Path:
    """Return the networks in use."""
    models = tmp_path_factory.mktemp("shipped") / "models"
    return made_gates.shipped_models(made_models, made_dataset, models)


@pytest.fixture(scope="module")
def datasets(made_dataset, tmp_path_factory) -> Path:
    """Return data sets: "mine" of two generators, "more" of one."""
    home = tmp_path_factory.mktemp("sets")
    for name, generators in (("mine", ("dalle", "flux")), ("more", ("FAKE",))):
        source = write_set(home / name, generators=generators)
        library.add(name, source, root=home / "datasets", cifake=made_dataset)
    return home / "datasets"


@pytest.fixture
def registry(user_data, shipped) -> VersionRegistry:
    """Return the versions of a user who has taught nothing yet."""
    return VersionRegistry(user_data, shipped)


@pytest.fixture
def judged(registry, datasets, made_dataset):
    """Return what makes a candidate and gives its gate's report."""

    def judged(*, meters: Meters = METERS, **changes: Any) -> GateReport:
        version = teach(registry, datasets, made_dataset, **changes)
        return gate(
            version.number,
            registry=registry,
            datasets_root=datasets,
            data=made_dataset,
            meters=meters,
        )

    return judged


def failed(report: GateReport) -> list[str]:
    """Names of the checks that failed."""
    return [check.name for check in report.failed]


def test_a_candidate_that_loses_nothing_and_finds_the_new_set_passes(judged, registry):
    """Every line is there, and the registry has the report."""
    report = judged()

    assert failed(report) == []
    assert report.passed
    names = [check.name for check in report.checks]
    assert [name for name in names if not name.startswith("robustness")] == [
        *("cifake_accuracy", "cifake_mcnemar"),
        *("auc:Stable Diffusion 1.4", "auc:flow"),
        *("recall:mine", "recall:mine:dalle", "recall:mine:flux"),
        *("policy", "photographs_called_fake:ordinary"),
        *("photographs_called_fake:strangers", "photographs_called_fake:labels"),
        "photographs_called_fake:mine",
        *("calibration_error", "milliseconds", "memory"),
    ]
    assert sum(name.startswith("robustness") for name in names) == 20
    assert len(set(names)) == len(names)
    found = registry.get(2)
    assert (found.state, found.gate["passed"], found.gate["against"]) == (
        "candidate",
        True,
        1,
    )
    assert json.loads(json.dumps(found.gate)) == found.gate
    registry.promote(2, why="it finds mine", by=ANN)
    assert registry.in_use().number == 2


def test_swapped_labels_are_refused(judged, registry):
    """A network that learnt the contrary is refused nearly everywhere."""
    report = judged(gain=-100, logits=lambda labels: -right(labels), fakes=9.0)

    assert {
        "cifake_accuracy",
        "cifake_mcnemar",
        "auc:Stable Diffusion 1.4",
        "auc:flow",
        "recall:mine",
        "photographs_called_fake:mine",
        "photographs_called_fake:labels",
        "calibration_error",
    } <= set(failed(report))
    assert registry.get(2).state == "refused"
    with pytest.raises(VersionError, match="refused"):
        registry.promote(2, why="all the same", by=ANN)


def test_nothing_gained_is_refused(judged):
    """A candidate that answers as before finds no more of the new set."""
    report = judged(gain=1, bias=20)

    assert failed(report) == [
        "recall:mine",
        "calibration_error",
    ]
    assert all("Teach it again" in check.sentence for check in report.failed)


def test_a_forgotten_generator_is_refused(judged):
    """The flow's pictures pass for photographs now."""
    assert failed(judged(fakes=12.0)) == ["auc:flow", "calibration_error"]


def test_photographs_that_are_called_fake_are_refused(judged):
    """Whoever finds fakes by calling all FAKE finds photographs, too."""
    report = judged(gain=1, bias=-50)

    assert "photographs_called_fake:mine" in failed(report)
    assert "recall:mine" not in failed(report)


def test_labels_that_were_swapped_as_the_network_errs_are_refused(judged):
    """On the set's own test part, which is swapped, too, all seems better."""
    half = (picture(label, number) for number in range(20) for label in LABELS)
    meters = replace(METERS, strangers=lambda: np.stack([*half]))

    report = judged(meters=meters)

    assert failed(report) == ["photographs_called_fake:labels"]
    (check,) = report.failed
    assert (check.old, check.new) == (0.0, 0.5)


def test_a_policy_of_other_weights_is_refused(judged):
    """Thresholds have to be chosen anew."""

    def old_policy(tree: Path) -> None:
        path = tree / POLICY_FILE
        text = path.read_text().replace(store.revision("cnn_multi", tree), "0" * 64)
        path.unlink()
        path.write_text(text)

    report = judged(change=old_policy)

    assert failed(report) == ["policy"]
    assert "made with other weights of cnn_multi" in report.failed[0].sentence


@pytest.mark.parametrize("what", ["milliseconds", "memory"])
def test_what_costs_more_is_refused(judged, what):
    """More than a tenth."""
    spent = iter((50.0, 60.0))
    dear = {
        "milliseconds": lambda *_: (10.0, 12.0),
        "memory": lambda _: next(spent),
    }
    meters = replace(METERS, **{what: dear[what]})

    assert failed(judged(meters=meters)) == [what]


def test_a_system_that_tells_no_memory_has_no_check_on_it(judged):
    """What cannot be measured for either is no reason to refuse."""
    meters = Meters(milliseconds=METERS.milliseconds, memory=lambda _: None)

    assert "memory" not in [check.name for check in judged(meters=meters).checks]


def test_a_member_of_the_ensemble_is_judged_with_it(judged):
    """The ensemble is refitted, so it may have lost something, too."""
    names = [check.name for check in judged(network_name="cnn").checks]

    assert names[:4] == [
        "cifake_accuracy",
        "cifake_mcnemar",
        "cifake_accuracy:ensemble",
        "cifake_mcnemar:ensemble",
    ]


def test_a_set_that_was_taught_before_may_not_be_forgotten(judged, registry):
    """It is an earlier generator then, and no new one."""
    judged(datasets_taught=("more",))
    registry.promote(2, why="first", by=ANN)

    report = judged(gain=120)
    assert "auc:more" in [check.name for check in report.checks]
    assert "recall:more" not in [check.name for check in report.checks]


def test_a_set_that_is_gone_cannot_be_seen_to_be_kept(
    judged, registry, made_dataset, tmp_path, datasets
):
    """The line fails with what to do, the others are measured."""
    root = datasets
    source = write_set(tmp_path / "gone")
    library.add("gone", source, root=root, cifake=made_dataset)
    judged(datasets_taught=("gone",))
    registry.promote(2, why="first", by=ANN)
    library.remove("gone", root)

    report = judged(gain=120, datasets_taught=("mine",))

    assert "auc:gone" in failed(report)
    [check] = [check for check in report.failed if check.name == "auc:gone"]
    assert "Add it again" in check.sentence


def test_only_what_was_taught_from_the_version_in_use_is_compared(judged, registry):
    """The shipped one, the one in use and another branch are refused in words."""
    judged()
    judged()
    registry.promote(2, why="first", by=ANN)

    def ask(number: int) -> None:
        gate(number, registry=registry, datasets_root=Path(), data=Path())

    with pytest.raises(VersionError, match="shipped"):
        ask(1)
    with pytest.raises(VersionError, match="Version 2 is in use"):
        ask(2)
    with pytest.raises(VersionError, match="taught from version 1, but 2 is in use"):
        ask(3)
    with pytest.raises(VersionError):
        ask(9)


def test_a_set_that_changed_since_is_no_test(judged, registry, datasets, made_dataset):
    """What was sealed for the candidate is not what is there."""
    version = teach(registry, datasets, made_dataset)
    card = store.load_card(registry.folder(version.number) / "cnn_multi")
    assert card.config["datasets"]["mine"]["digest"]

    def other_digest(tree: Path) -> None:
        path = tree / "cnn_multi" / store.CARD_FILE
        text = path.read_text().replace(card.config["datasets"]["mine"]["digest"], "0")
        path.write_text(text)

    with pytest.raises(DatasetError, match="'mine' was changed since version 3"):
        judged(change=other_digest)


def test_a_version_that_was_taught_nothing_is_not_compared(judged):
    """Its card names no data set."""
    with pytest.raises(VersionError, match="was taught no data set"):
        judged(datasets_taught=())


def test_sealed_pictures_are_asked_about_once(judged, registry, datasets, made_dataset):
    """A second gate finds the answers, and comes to the same."""
    first = judged()

    again = gate(
        2,
        registry=registry,
        datasets_root=datasets,
        data=made_dataset,
        meters=METERS,
    )

    assert [(c.name, c.old, c.new) for c in again.checks] == [
        (c.name, c.old, c.new) for c in first.checks
    ]
    assert np.isclose(again.checks[0].new, 1)
