"""Reports on a data set of one's own: figures that were counted by hand."""

from dataclasses import replace

import numpy as np
import pytest

from cifake_core.basics.errors import DatasetError
from cifake_core.basics.estimates import proportion
from cifake_core.evaluation import dataset_report
from cifake_core.evaluation.scores import Scores


def scores(logits: dict[str, list[float]], **changes: object) -> Scores:
    """Scores of photographs, "", and fakes by generator."""
    makers = np.array([name for name, each in logits.items() for _ in each])
    every = np.concatenate([np.array(each, "f4") for each in logits.values()])
    none = np.zeros(len(every), np.bool_)
    made = Scores(
        network="cnn",
        model_sha256="a1",
        members=np.array([str(number) for number in range(len(every))]),
        labels=(makers == "").astype(np.int8),
        object_classes=np.full(len(every), -1, np.int8),
        logits=every,
        seen_classes=np.full(len(every), -1, np.int8),
        in_training=none,
        repeats=none,
        generators=makers,
    )
    return replace(made, **changes)


FOUND = scores({"": [3, 2, 1, -1], "gan": [-2, -1, 0.5, 2.5], "flow": [-3]})


def test_generators_have_figures_of_their_own():
    """At 0.5, at the threshold of CIFAKE, and against all photographs."""
    report = dataset_report.report(FOUND, threshold=1 / (1 + np.exp(1.5)))

    gan, flow = report.generators["gan"], report.generators["flow"]
    assert list(report.generators) == ["flow", "gan"]
    assert (gan.n, gan.recall.value) == (4, 0.5)
    assert gan.recall.low == proportion(2, 4).low
    assert gan.flagged.value == 0.25

    # of 16 pairs 4, 3.5, 3 and 1 have the photograph above; -1 and -1 are a tie
    assert gan.roc_auc.value == (4 + 3.5 + 3 + 1) / 16
    assert (flow.n, flow.recall.value, flow.roc_auc.value) == (1, 1, 1)
    assert report.whole.n == 9
    assert report.whole.confusion == ((3, 2), (1, 3))
    assert not report.object_classes


def test_another_threshold_moves_the_recall():
    """As the slider of the page does."""
    rows = dataset_report.by_generator(FOUND, threshold=None, even=1.0)

    assert rows["gan"].recall.value == 1.0
    assert rows["gan"].flagged is None


def test_what_was_learnt_from_does_not_count():
    """Neither as fake nor as photograph."""
    learnt = np.arange(9) >= 4
    learnt[5] = False

    report = dataset_report.report(replace(FOUND, in_training=learnt), threshold=None)

    assert report.whole.n == 5
    assert list(report.generators) == ["gan"]


def test_known_object_classes_have_accuracies():
    """Those of which there are pictures."""
    kinds = np.array([3, 3, -1, -1, 3, 5, 5, -1, -1], np.int8)

    report = dataset_report.report(replace(FOUND, object_classes=kinds), threshold=None)

    assert {name: point.n for name, point in report.object_classes.items()} == {
        "cat": 3,
        "dog": 2,
    }
    assert report.object_classes["dog"].accuracy.value == 0.5


@pytest.mark.parametrize(("label", "noun"), [(0, "fakes"), (1, "photographs")])
def test_one_label_alone_is_a_sentence(label: int, noun: str):
    """It says which is missing."""
    alone = replace(FOUND, in_training=FOUND.labels == label)

    with pytest.raises(DatasetError, match=f"none are {noun}; add more"):
        dataset_report.report(alone, threshold=None)


def test_the_threshold_flags_few_of_cifakes_photographs():
    """Of a hundred two may be flagged."""
    test = scores({"": list(range(100)), "sd": [-1]})

    threshold = dataset_report.threshold_on(test)

    assert threshold == pytest.approx(1 / (1 + np.exp(-2)))


def test_figures_for_a_program():
    """The keys that other programs read, each figure with its interval."""
    found = dataset_report.to_json(dataset_report.report(FOUND, threshold=0.25))

    assert {"n", "accuracy", "accuracy_ci95", "ece", "confusion"} <= found.keys()
    assert found["threshold"] == 0.25
    assert list(found["generators"]["gan"]) == [
        "n",
        *("recall", "recall_ci95"),
        *("recall_at_threshold", "recall_at_threshold_ci95"),
        *("auc", "auc_ci95"),
    ]
    bare = dataset_report.to_json(dataset_report.report(FOUND, threshold=None))
    assert "threshold" not in bare
    assert "recall_at_threshold" not in bare["generators"]["gan"]
    assert "object_classes" not in bare
