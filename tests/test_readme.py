"""The figures that the README quotes are those of the shipped scores."""

from pathlib import Path

import pytest

from cifake_core.basics.estimates import Estimate
from cifake_core.evaluation import scores
from cifake_core.explain import EXPLAINERS
from cifake_core.networks import NETWORKS, OWN, store
from cifake_core.trust import table as trust_table
from cifake_core.verdicts import card as policy_card

README = Path(__file__).resolve().parents[1] / "README.md"


def _cell(estimate: Estimate, digits: int) -> str:
    """Return a figure as the README writes it, in percent with its interval."""
    low, high = 100 * estimate.low, 100 * estimate.high
    interval = f"({low:.{digits}f} to {high:.{digits}f})"
    return f"{100 * estimate.value:.{digits}f} {interval}"


@pytest.mark.parametrize("leak_free", [False, True], ids=["official", "leak-free"])
@pytest.mark.parametrize("name", OWN)
def test_quotes_the_shipped_scores(name, leak_free):
    """Each network's row is what `evaluate` gives, to the last digit written."""
    report = scores.read(name).report(leak_free=leak_free)

    cells = [
        f"{NETWORKS[name].title} (`{name}`)",
        f"{'leak-free' if leak_free else 'official'}, {report.n:,}",
        _cell(report.accuracy, 2),
        _cell(report.precision, 1),
        _cell(report.recall, 1),
        _cell(report.f1, 1),
        _cell(report.roc_auc, 2),
        f"{report.ece:.3f}",
    ]

    assert f"| {' | '.join(cells)} |" in README.read_text("utf-8")


def test_quotes_the_verdicts():
    """How many get a verdict, how many of those are right, how many from elsewhere."""
    card = policy_card.read({name: store.revision(name) for name in OWN})

    official, ordinary = card.of_set("official"), card.ordinary

    words = " ".join(README.read_text("utf-8").split()).replace(" %", "%")
    assert (
        f"REAL or FAKE for {official.coverage.value:.1%} of the official test set, "
        f"and {official.accuracy.value:.1%} of those are right"
    ) in words
    assert (
        f"Of {ordinary.n} ordinary pictures from elsewhere, "
        f"{ordinary.judged.value:.1%} get a verdict"
    ) in words
    marked = [
        r.judged.value for r in card.out_of_distribution if r.marked and not r.tuned
    ]
    assert f"in {min(marked):.0%}"[:-1] + f" to {max(marked):.0%} of cases" in words


@pytest.mark.parametrize("name", OWN)
def test_quotes_the_trust_in_the_methods(name):
    """The winner of each network, and the two that are set beside it."""
    table = trust_table.read()
    methods = {table.best_method(name), "integrated_gradients", "gradcam"}

    words = README.read_text("utf-8").replace(" %", "%")

    for method in methods:
        row, patch = table.scores(name)[method], table.patches(name)[method]
        area, low, high = row.score.value, row.score.low, row.score.high
        cells = [
            f"{NETWORKS[name].title} (`{name}`)",
            EXPLAINERS[method].title,
            f"{area:.2f} ({low:.2f} to {high:.2f})",
            f"{row.faithful.value:.0%}",
            f"{patch.share.value:.0%}",
        ]
        assert f"| {' | '.join(cells)} |" in words
        assert f"A patch covers {patch.area:.0%} of its picture" in words
