"""Verdicts on a data set of one's own: those of the judge, counted by hand."""

from pathlib import Path

import numpy as np
import pytest

from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.labels import DECISIONS
from cifake_core.networks.pool import NetworkPool
from cifake_core.verdicts import dataset_verdicts
from cifake_core.verdicts.judge import Judge
from tests.made_sets import pictures
from tests.models import Remake


@pytest.mark.slow
def test_they_are_the_judges_and_kept(made: Path):
    """One by one and all at once; the second time without a network."""
    pool, mine = NetworkPool(made), pictures(n=12)
    before = dataset_verdicts.are_decided(pool, mine)

    given = dataset_verdicts.decide_all(pool, mine)

    one_by_one = [Judge(pool).judge(image).decision for image in mine.images]
    assert [DECISIONS[number] for number in given] == one_by_one
    assert len(set(one_by_one)) > 1
    assert (before, dataset_verdicts.are_decided(pool, mine)) == (False, True)
    unused = NetworkPool(made, load=_refuse)
    again = dataset_verdicts.decide_all(unused, mine)
    np.testing.assert_array_equal(again, given)


def _refuse(folder: Path) -> object:
    raise AssertionError(folder)


@pytest.mark.parametrize("missing", ["policy.json", "domain.npz"])
def test_without_its_cards_there_are_none(remake: Remake, missing: str):
    """The sentence says how to make it."""
    pool = NetworkPool(remake(missing))

    for ask in (dataset_verdicts.decide_all, dataset_verdicts.are_decided):
        with pytest.raises(ModelUnavailableError, match="Make it with"):
            ask(pool, pictures())


def test_coverage_and_accuracy_are_counted():
    """Of 6 pictures 4 get a verdict, of which 3 are right."""
    fake, real, unsure = (DECISIONS.index(each) for each in ("FAKE", "REAL", "UNSURE"))
    given = np.array([fake, fake, real, real, unsure, unsure])
    labels = np.array([0, 0, 0, 1, 1, 0])
    makers = np.array(["gan", "gan", "flow", "", "", "flow"])

    found = dataset_verdicts.report(given, labels, makers)

    assert (found.n, found.coverage.value, found.accuracy.value) == (6, 4 / 6, 3 / 4)
    assert found.counts["gan"] == {"FAKE": 2, "REAL": 0, "UNSURE": 0}
    assert found.counts["REAL"] == {"FAKE": 0, "REAL": 1, "UNSURE": 1}
    words = dataset_verdicts.to_json(found)
    assert words["coverage"] == 4 / 6
    assert words["counts"]["flow"] == {"FAKE": 0, "REAL": 1, "UNSURE": 1}
