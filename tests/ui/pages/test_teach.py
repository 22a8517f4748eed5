"""Teach: choose and begin, candidates with their report, versions, labels."""

import json
import os
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cifake_core.basics.text import PERCENT
from cifake_core.data.datasets import library
from cifake_core.data.datasets.records import UNLABELLED
from cifake_core.networks import store
from cifake_core.retraining.run_control import (
    PAUSE_FILE,
    PROGRESS_FILE,
    STOP_FILE,
    RunControl,
)
from cifake_core.versions.records import Version
from cifake_core.versions.registry import VersionRegistry
from tests.made_datasets import write_set
from tests.made_versions import ANN
from tests.ui.reading import OpenApp, alts, at, labels, tables, texts

TEACH = "pages/teach.py"
#: Seconds that a process may need to end on a busy machine.
PATIENCE = 60
CHECK = {"old": 0.9, "new": 0.95, "limit": 0.898, "passed": True, "sentence": "Fine."}


def report(**changed: Mapping[str, Any]) -> dict[str, Any]:
    """Report of the gate with two lines, of which some figures are changed."""
    checks = [
        CHECK | {"name": name} | changed.get(name, {})
        for name in ("cifake_accuracy", "memory")
    ]
    passed = all(check["passed"] for check in checks)
    return {"version": 2, "against": 1, "passed": passed, "checks": checks}


@pytest.fixture
def data_set(tmp_path: Path, user_data: Path) -> str:
    """The name of a data set that was added, with 24 pictures without a label."""
    folder = write_set(tmp_path / "pictures", num_unlabelled=24)
    library.add("mine", folder, root=user_data / "datasets", cifake=None)
    return "mine"


@pytest.fixture
def versions(made: Path, user_data: Path) -> VersionRegistry:
    """The registry of the app's versions."""
    return VersionRegistry(user_data, made)


def metrics(*, auc: float, recall: float) -> dict[str, Any]:
    """What training came to on validation, of a set with one generator."""
    row = {"n": 12, "recall": recall, "auc": auc, "auc_ci95": [auc - 0.1, auc + 0.1]}
    return {
        "accuracy": 0.9876,
        "n": 40,
        "sets": {"mine": {"generators": {"newgan": row}, "real_called_fake": 0.0}},
    }


def add_candidate(versions: VersionRegistry) -> Version:
    """A candidate that was taught from version 1."""
    with versions.tree(1) as tree:
        card = store.load_card(tree / "cnn_multi")
        learnt = {"mine": {"digest": "d1" * 32, "generators": ["mine"]}}
        config = {**card.config, "generators": ["flow"], "datasets": learnt}
        store.write_card(tree / "cnn_multi", replace(card, config=config))
        return versions.add(
            tree,
            network="cnn_multi",
            parent=1,
            recipe={"minutes": 1},
            datasets={"mine": "d1" * 32},
            metrics={
                "before": metrics(auc=0.6, recall=0.1),
                "validation": metrics(auc=0.88, recall=0.75),
            },
            who="somebody",
            why="a new generator",
        )


@pytest.fixture
def run(own_cache: Path) -> Path:
    """The run folder of a teaching that another server has just begun."""
    place = own_cache / "runs" / "retrain-cnn_multi"
    place.mkdir(parents=True)
    order = {"schema": 1, "network": "cnn_multi", "datasets": ["mine"], "minutes": 60}
    (place / "order.json").write_text(json.dumps(order), "utf-8")
    with RunControl(place) as control:
        control.tell("training", 0.4, "Epoch 2 of 4.", seconds_left=610)
    return place


def opened(open_app: OpenApp, part: str = "teach") -> AppTest:
    """The page with one of its parts open."""
    return at(open_app(), TEACH, part=part)


def told(app: AppTest, kind: str) -> str:
    """All sentences of a kind."""
    return " ".join(each.value for each in app.get(kind))


def test_without_a_data_set_it_says_how_to_add_one(open_app):
    """There is a way there, and nothing to begin."""
    app = opened(open_app)

    assert "no data set of your own yet" in told(app, "info")
    assert "Add a data set" in [each.proto.label for each in app.get("page_link")]
    assert "Teach" not in labels(app, "button")
    assert not app.exception


def test_a_data_set_can_be_taught(open_app, data_set):
    """The only set and the expert are chosen at first, and what it holds is told."""
    app = opened(open_app)

    assert app.selectbox(key="teach_network").value == "cnn_multi"
    assert app.multiselect(key="teach_data_sets").value == [data_set]
    assert "ensemble" not in app.selectbox(key="teach_network").options
    assert "mine: " in texts(app)
    assert not app.exception


@pytest.mark.usefixtures("data_set")
def test_nothing_chosen_is_a_sentence(open_app):
    """No job begins without a data set."""
    app = opened(open_app)
    app.multiselect(key="teach_data_sets").set_value([])
    app.run()
    app.button(key="teach_start").click().run()

    assert "None is chosen" in told(app, "error")


@pytest.mark.usefixtures("data_set")
def test_a_teaching_is_shown_with_the_time_left(open_app, run):
    """Nothing else can be begun meanwhile; it can be paused, go on and be stopped."""
    app = opened(open_app)

    (bar,) = app.get("progress")
    assert bar.proto.value == 40
    assert "training, 40%, about 10 minutes of training left" in bar.proto.text
    assert "Epoch 2 of 4." in texts(app)
    assert "Teach" not in labels(app, "button")

    app.button(key="teach_pause").click().run()
    assert (run / PAUSE_FILE).exists()
    assert "Pause" not in labels(app, "button")
    app.button(key="teach_go_on").click().run()
    assert not (run / PAUSE_FILE).exists()
    app.button(key="teach_stop").click().run()
    assert (run / STOP_FILE).exists()
    assert not app.exception


@pytest.mark.usefixtures("data_set")
def test_a_killed_teaching_can_go_on_or_be_discarded(open_app, run):
    """It is told that the process is gone."""
    long_ago = time.time() - 1000
    os.utime(run / PROGRESS_FILE, (long_ago, long_ago))
    app = opened(open_app)

    assert "CNN from mine ended without a word" in texts(app)
    assert "Go on" in labels(app, "button")
    app.button(key="teach_start").click().run()
    assert "was not finished" in told(app, "error")
    app.button(key="teach_discard_cnn_multi").click().run()

    assert "It was discarded" in told(app, "success")
    assert not run.exists()
    assert not app.exception


def test_a_candidate_waits_for_the_gate(open_app, versions):
    """It is told that it was not checked, and there is a button; none promotes."""
    add_candidate(versions)

    app = opened(open_app)

    assert "not checked yet" in texts(app)
    assert "Check at the gate" in labels(app, "button")
    assert not [each for each in labels(app, "button") if "Promote" in each]


def test_a_check_can_be_stopped_and_made_again(open_app, versions):
    """It leaves no report; what comes next is a button."""
    add_candidate(versions)
    app = opened(open_app)
    app.button(key="teach_check_2").click().run()
    assert (
        "The check of version 2 at the gate: comparing" in app.get("progress")[0].text
    )

    app.button(key="teach_stop").click().run()
    deadline = time.monotonic() + PATIENCE
    while "was stopped" not in texts(app) and time.monotonic() < deadline:
        app.run()

    assert "The check of version 2 at the gate was stopped" in texts(app)
    assert "Check again" in labels(app, "button")
    assert versions.listing()[-1].gate is None
    assert not app.exception


def test_a_refused_candidate_says_which_line_and_what_to_do(open_app, versions):
    """Its line is marked by a word; it cannot be promoted."""
    add_candidate(versions)
    why = "Memory is 2 GB. Ask again when the machine does nothing else."
    versions.record_gate(2, report(memory={"passed": False, "sentence": why}))

    app = opened(open_app)

    (table,) = tables(app)
    assert "1 of 2 lines does not hold" in told(app, "warning")
    assert why in texts(app)
    assert list(table["Holds?"].str.contains("does not")) == [False, True]
    assert not [each for each in labels(app, "button") if "Promote" in each]


def test_promotion_asks_for_a_reason(open_app, versions):
    """Without one nothing changes; with one the version is in use."""
    add_candidate(versions)
    versions.record_gate(2, report())
    app = opened(open_app)

    app.button(key="teach_promote_2").click().run()

    assert "Expected a reason" in told(app, "error")
    assert versions.in_use().number == 1

    app.text_input(key="teach_why_2").set_value("finds my generator").run()
    app.button(key="teach_promote_2").click().run()

    assert "Version 2 is in use now" in told(app, "success")
    assert versions.in_use().number == 2
    assert versions.in_use().why == "finds my generator"
    assert not app.exception


def test_one_click_goes_back(open_app, versions):
    """And the version that was left can be promoted again."""
    add_candidate(versions)
    versions.record_gate(2, report())
    versions.promote(2, why="finds it", by=ANN)
    app = opened(open_app, "versions")

    app.button(key="teach_rollback").click().run()

    assert versions.in_use().number == 1
    assert versions.in_use().why == "back from version 2"
    assert "Version 1 is in use again" in told(app, "success")
    assert "Promote version 2" in labels(app, "button")


def test_the_table_has_every_version(open_app, versions):
    """Number, parent, network, data set, figures, state, who and why."""
    add_candidate(versions)

    (table,) = tables(opened(open_app, "versions"))

    first = table.iloc[0]
    assert list(table["Version"]) == ["**2**", "**1**"]
    assert first["From"] == "1"
    assert "mine `d1d1d1d1`" in first["Data sets"]
    words = f"CIFAKE 98.8{PERCENT} right, newgan 75.0{PERCENT} found"
    assert first["On validation"] == words
    assert "candidate" in first["State"]
    assert (first["Who"], first["Why"]) == ("somebody", "a new generator")
    assert "in use" in table.iloc[1]["State"]


def test_a_version_is_removed_after_a_question(open_app, versions):
    """The button that deletes stands behind another, and says that it is for good."""
    add_candidate(versions)
    app = opened(open_app, "versions")

    assert "cannot be undone" in texts(app)
    app.button(key="teach_remove_2").click().run()

    assert [each.number for each in versions.listing()] == [1]
    assert "Version 2 was deleted" in told(app, "success")


@pytest.mark.usefixtures("data_set")
def test_costs_stand_by_version_and_generator(open_app, versions):
    """Learnt or never met is said in a word; what was forgotten in points."""
    add_candidate(versions)

    app = opened(open_app, "costs")

    (table,) = tables(app)
    rows = table.set_index("Fakes by")
    assert list(rows.columns) == ["Version 1, in use", "Version 2, candidate"]
    assert rows.loc["mine"].str.startswith("1.0000 (").all()
    assert "never met" in rows.loc["mine"].iloc[0]
    assert "learnt" in rows.loc["mine"].iloc[1]
    assert "learnt before, 0.00 points lost on average" in texts(app)
    assert "does not know the next" in texts(app)
    assert not app.exception


def test_without_a_version_costs_say_what_will_stand_there(open_app):
    """No empty table."""
    app = opened(open_app, "costs")

    assert "Nothing was taught yet" in told(app, "info")
    assert tables(app) == []


def test_only_the_shipped_version_says_what_to_do(open_app):
    """With nothing taught there is nothing to go back to."""
    app = opened(open_app, "versions")

    assert "Teach a network" in told(app, "info")
    assert labels(app, "button") == []
    assert not app.exception


def test_labels_are_kept_at_once_and_taken_back(open_app, data_set, user_data):
    """Keys 1 and 2 label, Backspace takes back; what was asked about was unlabelled."""
    root = user_data / "datasets"
    app = opened(open_app, "label")

    assert "Picture 1 of 20" in texts(app)
    app.button(key="teach_label_FAKE").click().run()
    app.button(key="teach_label_REAL").click().run()
    app.button(key="teach_label_skip").click().run()

    assert len(library.unlabelled(data_set, root=root).labels) == 22
    assert "Picture 4 of 20" in texts(app)
    assert "Picture 1, labelled: FAKE." in alts(app)

    app.button(key="teach_label_undo").click().run()
    app.button(key="teach_label_undo").click().run()

    left = library.unlabelled(data_set, root=root)
    assert len(left.labels) == 23
    assert set(left.labels) == {UNLABELLED}
    assert "Picture 2 of 20" in texts(app)
    assert not app.exception


@pytest.mark.usefixtures("data_set")
def test_the_next_pictures_follow(open_app):
    """After twenty answers the rest is asked about, and at last nothing is left."""
    app = opened(open_app, "label")
    for _ in range(20):
        app.button(key="teach_label_REAL").click().run()

    assert "All 20 answered: 0 FAKE, 20 REAL" in told(app, "success")
    app.button(key="teach_label_next").click().run()
    assert "Picture 1 of 4" in texts(app)
    for _ in range(4):
        app.button(key="teach_label_FAKE").click().run()

    assert "0 pictures are without a label" in told(app, "success")
    assert app.button(key="teach_label_next").disabled
    assert not app.exception


def test_without_unlabelled_pictures_it_says_where_they_go(open_app):
    """The folder has a name."""
    app = opened(open_app, "label")

    assert "UNLABELLED/" in told(app, "info")
    assert not app.exception


@pytest.mark.usefixtures("data_set")
def test_the_picture_in_question_has_an_alternative_text(open_app):
    """It does not tell the answer."""
    app = opened(open_app, "label")

    assert "Picture 1 of 20, enlarged." in alts(app)
