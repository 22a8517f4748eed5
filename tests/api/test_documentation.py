"""The description of REST, and its page, which loads nothing from outside."""

import re

import pytest

from cifake_core.workbench.rows import ALL
from tests.browser.running import browse, lacking
from tests.stated import lacking as unsaid

pytestmark = pytest.mark.slow

ROUTES = {
    *("/judge", "/explain", "/networks", "/health"),
    *("/jobs", "/jobs/{job}", "/jobs/{job}/results"),
    *("/history", "/history/{record}", "/history/{record}/restore"),
}


def test_the_description_has_every_route(client):
    """With its refusals as problems, the field `files`, and the names there are."""
    described = client.get("/openapi.json").json()

    assert set(described["paths"]) == ROUTES
    judge = described["paths"]["/judge"]["post"]
    assert {"200", "413", "422", "429"} <= judge["responses"].keys()
    assert "application/problem+json" in judge["responses"]["429"]["content"]
    form = judge["requestBody"]["content"]["multipart/form-data"]["schema"]
    name = form["$ref"].rpartition("/")[2]
    fields = described["components"]["schemas"][name]["properties"]
    assert set(fields) == {"files", "network"}
    assert fields["network"]["enum"][:3] == [ALL, "cnn", "cnn3d"]


def test_whatever_changes_something_refuses_other_sites(client):
    """Every route that is not only read, a new one as well, and it says so."""
    paths = client.get("/openapi.json").json()["paths"]
    changing = [
        (method, route, operation)
        for route, operations in paths.items()
        for method, operation in operations.items()
        if method != "get"
    ]

    assert len(changing) >= 6
    for method, route, operation in changing:
        assert "403" in operation["responses"], route
        place = re.sub(r"{\w+}", "1", route)
        headers = {"Sec-Fetch-Site": "cross-site"}
        assert client.request(method, place, headers=headers).status_code == 403


def test_the_description_says_what_real_means(client, shipped):
    """As every text that speaks of verdicts."""
    bench = shipped()[0]
    known = {name: bench.scope.known(name) for name in bench.names()}

    text = client.get("/openapi.json").text

    assert unsaid(text, bench.scope.of_verdicts(), known) == []


def test_the_page_names_nothing_outside(client):
    """All that it names is there."""
    page = client.get("/docs").text

    named = re.findall(r"(?:src|href)=\"([^\"]+)\"|url: '([^']+)'", page)
    places = [each for pair in named for each in pair if each]

    assert len(places) == 4
    for place in places:
        assert place.startswith("/api/v1/")
        assert client.get(client.base_url.join(place)).status_code == 200
    assert '"validatorUrl": null' in page


@pytest.mark.browser
@pytest.mark.skipif(lacking() is not None, reason=str(lacking()))
def test_the_page_is_drawn_without_the_internet(client):
    """A browser shows every route and asks nobody but this server."""
    asked: list[str] = []
    with browse() as browser:
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{client.base_url}docs")
        for route in ROUTES:
            page.get_by_text(route, exact=True).first.wait_for(timeout=60_000)

    assert len(asked) >= 4
    assert all(
        each.startswith((str(client.base_url), "data:", "blob:")) for each in asked
    )
