"""The gate's report: when it is passed, as JSON, and as words."""

from itertools import product

import pytest

from cifake_core.retraining.gate_records import (
    GateCheck,
    GateReport,
    gate_from_json,
    gate_to_json,
)


def check(name: str = "auc:flow", *, passed: bool = True) -> GateCheck:
    """A check with made figures."""
    return GateCheck(
        name=name, old=0.95, new=0.94, limit=None, passed=passed, sentence="So it is."
    )


@pytest.mark.parametrize("passed", list(product([True, False], repeat=3)))
def test_a_report_is_passed_if_every_check_is(passed):
    """One that fails is enough."""
    report = GateReport(
        version=2, against=1, checks=tuple(check(passed=each) for each in passed)
    )

    assert report.passed is (passed == (True, True, True))
    assert len(report.failed) == passed.count(False)


def test_programs_read_these_keys():
    """The keys are promised."""
    held = gate_to_json(GateReport(version=2, against=1, checks=(check(),)))

    assert list(held) == ["version", "against", "passed", "checks"]
    assert held["checks"] == [
        {
            "name": "auc:flow",
            "old": 0.95,
            "new": 0.94,
            "limit": None,
            "passed": True,
            "sentence": "So it is.",
        }
    ]


def test_a_report_is_read_as_it_was_written():
    """JSON and back; what is no report is refused."""
    held = gate_to_json(GateReport(version=2, against=1, checks=(check(passed=False),)))

    assert gate_to_json(gate_from_json(held)) == held
    with pytest.raises(ValueError, match="checks"):
        gate_from_json({"version": 2, "against": 1, "passed": True})


@pytest.mark.parametrize(
    ("name", "title", "old"),
    [
        ("cifake_accuracy", "CIFAKE accuracy", "95.00 %"),
        ("cifake_mcnemar:ensemble", "McNemar's test on CIFAKE: ensemble", "p 0.95"),
        ("auc:Stable Diffusion 1.4", "AUC: Stable Diffusion 1.4", "95.00 %"),
        ("photographs_called_fake:mine", "Photographs called FAKE: mine", "95.00 %"),
        ("calibration_error", "Calibration error", "0.9500"),
        (
            "robustness:blur:0.8",
            "Robustness: Gaussian blur, sigma 0.8 pixels",
            "95.00 %",
        ),
        ("milliseconds", "Milliseconds", "0.9 ms"),
        ("memory", "Memory", "1 MB"),
    ],
)
def test_names_and_figures_in_words(name, title, old):
    """Each kind of check has its unit."""
    found = check(name)

    assert found.title == title
    assert found.cells[0].replace("\N{NO-BREAK SPACE}", " ") == old
    assert found.cells[2] == "\N{EN DASH}"
