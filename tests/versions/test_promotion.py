"""Rules of the registry: the truth table of promotion, on all its inputs at once."""

from datetime import UTC, datetime
from itertools import product

import pytest

from cifake_core.basics.errors import VersionError
from cifake_core.versions.promotion import check_promotion
from cifake_core.versions.records import STATES, Version, shipped_version
from tests.made_versions import FAILED, PASSED

NOW = datetime(2026, 1, 1, tzinfo=UTC)
#: Version 4 is in use, taught from version 3.
IN_USE = 4
TABLE = list(
    product(
        STATES,
        (True, False, None),  # what the gate said; None if it was not asked
        (3, IN_USE),  # the version that the gate compared with
        (3, IN_USE),  # the version it was taught from
        ("finds the new GAN", "", "  "),
    )
)


def version(*, state: str, passed: bool | None, against: int, parent: int) -> Version:
    """Version 5 as it is put into the registry; 4 where it is in use."""
    report = {True: PASSED, False: FAILED, None: None}[passed]
    return Version(
        number=IN_USE if state == "in use" else 5,
        network="cnn",
        parent=parent,
        model_sha256="a1",
        recipe={},
        datasets={},
        metrics={},
        gate=report and report | {"against": against},
        state=state,
        created=NOW,
        changed=NOW,
        who="ann",
        why="taught",
    )


@pytest.mark.parametrize(("state", "passed", "against", "parent", "why"), TABLE)
def test_the_truth_table_of_promotion(state, passed, against, parent, why):
    """One combination in eight may be promoted, of those that were ever in question."""
    asked = version(state=state, passed=passed, against=against, parent=parent)
    allowed = (
        state in {"candidate", "former"}
        and passed is True
        and against == IN_USE
        and parent == IN_USE
        and bool(why.strip())
    )

    if allowed:
        check_promotion(asked, IN_USE, why=why)
    else:
        with pytest.raises(VersionError, match=r"\. *\S|\.$"):
            check_promotion(asked, IN_USE, why=why)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"state": "in use"}, "in use already"),
        ({"parent": 3}, "taught from version 3, but 4 is in use"),
        ({"passed": None}, "Run `gate 5` first"),
        ({"against": 3}, "with version 3, but 4 is in use"),
        ({"state": "refused", "passed": False}, "refused version 5: recall, ece"),
        ({"state": "former", "passed": False}, "refused version 5: recall, ece"),
        ({}, "Expected a reason"),
    ],
)
def test_each_objection_is_a_sentence(changes, told):
    """It says what is the matter and what to do."""
    fields = {"state": "candidate", "passed": True, "against": 4, "parent": 4} | changes
    why = "finds it" if changes else ""

    with pytest.raises(VersionError, match=told):
        check_promotion(version(**fields), IN_USE, why=why)


def test_the_shipped_version_is_gone_back_to():
    """It was never taught, so it has no gate to pass."""
    with pytest.raises(VersionError, match="Go back to it"):
        check_promotion(shipped_version(NOW), 2, why="better")
