"""The contract that the description makes, held to requests of every kind."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
)

pytestmark = pytest.mark.slow

#: No schema can say that bytes are a picture, so what it allows may be refused; and to
#: `/judge` whatever comes as a file is one, a number as well: it gets its row. Nor can
#: it say which jobs there are.
EXCLUDED = {
    "/judge": [positive_data_acceptance, negative_data_rejection],
    "/explain": [positive_data_acceptance],
    "/jobs": [positive_data_acceptance, negative_data_rejection],
    "/jobs/{job}": [positive_data_acceptance],
    "/jobs/{job}/results": [positive_data_acceptance],
    "/networks": [],
    "/health": [],
    # days may be out of order, and what is to follow may be nowhere
    "/history": [positive_data_acceptance],
    "/history/{record}": [],
    "/history/{record}/restore": [],
}
OPERATIONS = [
    ("post", "/judge"),
    ("post", "/explain"),
    ("get", "/networks"),
    ("get", "/health"),
    ("get", "/history"),
    ("get", "/history/{record}"),
    ("delete", "/history/{record}"),
    ("post", "/history/{record}/restore"),
    ("post", "/jobs"),
    ("get", "/jobs/{job}"),
    ("delete", "/jobs/{job}"),
    ("get", "/jobs/{job}/results"),
]
#: Whose bad input is told from good by the description.
CHECKED = ("/judge", "/explain", "/jobs", "/history", "/history/{record}")
CASES = [
    (method, route, mode)
    for method, route in OPERATIONS
    for mode in GenerationMode
    if mode == GenerationMode.POSITIVE or route in CHECKED
]


def test_every_operation_is_asked(client):
    """A new one has its line here."""
    paths = client.get("/openapi.json").json()["paths"]

    assert sorted(OPERATIONS) == sorted(
        (method, route) for route, methods in paths.items() for method in methods
    )


@pytest.mark.parametrize(("method", "route", "mode"), CASES)
def test_answers_are_as_described(client, method, route, mode):
    """No server error; status, type and content as described; bad input is refused."""
    described = schemathesis.openapi.from_url(f"{client.base_url}openapi.json")
    (operation,) = (
        found.ok()
        for found in described.get_all_operations()
        if (found.ok().method, found.ok().path) == (method, route)
    )
    answers = []

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: schemathesis.Case) -> None:
        answers.append(case.call_and_validate(excluded_checks=EXCLUDED[route]))

    ask()

    assert answers
