"""What earlier work claims: complete, apart from results, and consistent."""

from collections import Counter

import pytest

from cifake_core.networks import PAPERS
from cifake_core.papers.claims import CLAIMS, SYSTEMS

OWN_CLAIMS = [claim for claim in CLAIMS if claim.about_cifake]


def test_every_claim_is_of_a_known_system():
    """Every system claims something, and every network answers to a claim."""
    assert {claim.system for claim in CLAIMS} == set(SYSTEMS)
    assert {claim.network for claim in OWN_CLAIMS} == set(PAPERS)
    assert {spec.paper for spec in PAPERS.values()} <= set(SYSTEMS)
    assert all(system.source and system.extras for system in SYSTEMS.values())


def test_one_network_may_answer_two_claims():
    """Pavani's networks are Deep Vision's too, and nothing else is shared."""
    counts = Counter(claim.network for claim in OWN_CLAIMS)

    assert [name for name, n in counts.items() if n > 1] == [
        "pavani",
        "pavani_modified",
    ]


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_a_claim_says_what_it_is(claim):
    """Percentages are in range; a network has a difference, a gap its note."""
    figures = (claim.accuracy, claim.precision, claim.recall, claim.f1)

    assert all(50 < figure <= 100 for figure in figures if figure is not None)
    assert bool(claim.differs) == (claim.network is not None)
    assert claim.note or claim.accuracy is not None
    assert claim.about_cifake == (claim.network is not None)


def test_figures_from_elsewhere_cannot_be_taken_for_cifake():
    """Hosen's further quotations are marked, and no network stands for them."""
    foreign = {claim.name: claim.accuracy for claim in CLAIMS if not claim.about_cifake}

    assert foreign == {
        "Epstein et al.": 99.2,
        "Baraheem et al.": 100.0,
        "Saskoro et al.": 96.0,
    }


def test_hosens_matrix_gives_hosens_figures():
    """Accuracy, precision, recall and F1 of the 3D-CNN follow from its matrix."""
    claim = next(claim for claim in CLAIMS if claim.confusion)
    (tn, fp), (fn, tp) = claim.confusion

    precision, recall = tp / (tp + fp), tp / (tp + fn)
    f1 = 2 * precision * recall / (precision + recall)

    worked = [100 * x for x in ((tn + tp) / 20_000, precision, recall, f1)]
    claimed = [claim.accuracy, claim.precision, claim.recall, claim.f1]
    assert worked == pytest.approx(claimed, abs=0.01)
