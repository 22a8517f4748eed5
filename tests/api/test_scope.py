"""Scope in every answer of REST: no label, no verdict without what it knows."""

import json
from collections.abc import Callable
from typing import Any, Final

import httpx
import pytest

from cifake_core.accounts.records import ANYBODY
from cifake_core.cases.settings import HistorySettings
from cifake_core.pictures.reading import read_picture
from cifake_core.workbench import Workbench
from tests.api.conftest import CAT, upload
from tests.api.test_jobs import ended, queued

pytestmark = pytest.mark.slow


def rows_of_a_job(client: httpx.Client) -> list[dict[str, Any]]:
    """Rows of a job on one picture, once it has ended."""
    job = queued(client, upload(CAT))
    assert ended(client, job)["state"] == "done"
    lines = client.get(f"/jobs/{job}/results").text.splitlines()
    return [json.loads(line) for line in lines]


EXPLAIN: Final = {"network": "cnn_multi", "method": "gradcam"}


def told(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the networks said of records; each verdict has its own two sentences."""
    assert all("never met" in each["scope"][1] for each in records)
    return [each for record in records for each in record["predictions"]]


#: A call of each route, and where the objects with answers are in what it gives.
CALLS: Final[dict[str, Callable[[httpx.Client], list[dict[str, Any]]]]] = {
    "/judge": lambda client: client.post("/judge", files=upload(CAT)).json()["results"],
    "/explain": lambda client: [
        client.post("/explain", files=upload(CAT), data=EXPLAIN).json()
    ],
    "/jobs": lambda _client: [],
    "/jobs/{job}": lambda _client: [],
    "/jobs/{job}/results": rows_of_a_job,
    "/networks": lambda client: [
        each | {"network": each["name"]}
        for each in client.get("/networks").json()["networks"]
    ],
    "/health": lambda _client: [],
    "/history": lambda client: told(client.get("/history").json()["records"]),
    "/history/{record}": lambda client: told([client.delete("/history/1").json()]),
    "/history/{record}/restore": lambda client: told(
        [client.post("/history/1/restore").json()]
    ),
}


def keep(bench: Workbench) -> None:
    """Let the history have a verdict on the cat."""
    bench.history.switch(HistorySettings(on=True), by=ANYBODY)
    verdict = bench.judge(read_picture(CAT).pixels)
    bench.history.keep(verdict, name=CAT.name, file=CAT.read_bytes(), source="page")


def test_every_route_is_walked(client):
    """A new route has its row here."""
    assert set(CALLS) == set(client.get("/openapi.json").json()["paths"])


@pytest.mark.parametrize("route", CALLS)
def test_no_answer_without_scope(client, shipped, route):
    """Each object has what its network knows, each verdict what was found of others."""
    bench = shipped()[0]
    keep(bench)
    scope = bench.scope
    card = scope.of_verdicts().card

    found = CALLS[route](client)

    for each in found:
        assert tuple(each["knows"]) == scope.known(each["network"])
        if "verdict" in each:
            assert tuple(each["scope"]["known"]) == scope.of_verdicts().known
            assert each["scope"]["n_unseen"] == card.n_unseen
            assert each["scope"]["unseen_recall"] == card.unseen_recall.value
    assert bool(found) == (route not in ("/health", "/jobs", "/jobs/{job}"))
