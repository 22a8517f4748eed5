"""`POST /explain`: what `explain` writes, as JSON or as a picture."""

import json

import pytest

from cifake_core import cli
from cifake_core.api.records import HeatMapFacts
from cifake_core.basics.places import CHECKOUT
from tests.api.conftest import CAT, problem, upload
from tests.api.test_judge import BAD

pytestmark = pytest.mark.slow

FORM = {"network": "cnn", "method": "lime", "seed": "7", "label": "FAKE"}


@pytest.fixture
def command(shipped, tmp_path, capsys):
    """A function that explains the cat by the command line: its object, its PNG."""
    pool = shipped()[0].pool

    def command(*words: str) -> tuple[dict[str, object], bytes]:
        out = tmp_path / "map.png"
        given = ["explain", str(CAT), *words, "--out", str(out), "--json"]
        load = lambda folder: pool.network(folder.name)  # noqa: E731
        assert cli.main(given, CHECKOUT / "models", load=load) == 0
        return json.loads(capsys.readouterr().out.splitlines()[-1]), out.read_bytes()

    return command


def test_the_facts_are_those_of_the_command_line(client, command):
    """The same keys and values, hash of the map and trust included, but for time."""
    words = [f"--{name}={value}" for name, value in FORM.items()]
    expected, _ = command(*words)

    response = client.post("/explain", files=upload(CAT), data=FORM)

    assert response.status_code == 200
    facts = response.json()
    assert HeatMapFacts.model_validate(facts)
    assert facts.pop("seconds") > 0
    assert expected.pop("seconds") > 0
    assert facts == expected


def test_the_map_comes_as_a_picture(client, command):
    """The same file that the command writes; the label is the network's own."""
    _, expected = command("--network=cnn3d", "--method=gradcam")

    response = client.post(
        "/explain",
        files=upload(CAT),
        data={"network": "cnn3d", "method": "gradcam"},
        headers={"Accept": "image/png"},
    )

    assert response.headers["content-type"] == "image/png"
    assert response.content == expected


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"network": "vit"}, "There is no network called 'vit'."),
        ({"method": "guess"}, "There is no method called 'guess'."),
        ({"label": "real"}, "`label`: Input should be 'FAKE' or 'REAL'"),
        ({"seed": "-1"}, "`seed`: Input should be greater than or equal to 0"),
        ({"seed": "x"}, "`seed`: Input should be a valid integer"),
    ],
)
def test_a_bad_field_is_refused(client, changed, sentence):
    """By its name, with what it may be."""
    response = client.post("/explain", files=upload(CAT), data=FORM | changed)

    assert sentence in problem(response, 422)


def test_fields_that_are_missing_are_named(client):
    """All of them at once."""
    sentence = problem(client.post("/explain", files={"seed": (None, "1")}), 422)

    for name in ("files", "network", "method"):
        assert f"`{name}`: Field required" in sentence


def test_several_pictures_are_refused(client):
    """A map is of one."""
    response = client.post("/explain", files=upload(CAT, CAT), data=FORM)

    assert "`files`: List should have at most 1 item" in problem(response, 422)


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_picture_is_refused(client, kind):
    """With the sentence of the page: 413 if it is too large, else 422."""
    large = kind in {"too many bytes", "too many pixels", "a bomb"}

    response = client.post("/explain", files=upload(BAD[kind]), data=FORM)

    problem(response, 413 if large else 422)
