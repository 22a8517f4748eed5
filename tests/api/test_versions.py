"""The version in use: REST answers by another as soon as it is promoted."""

from functools import partial
from pathlib import Path

import pytest

from cifake_core.api.limits import Limits
from cifake_core.networks import store
from cifake_core.versions.registry import VersionRegistry
from cifake_core.workbench.in_use import workbench_in_use
from tests import made_data, made_gates
from tests.api.conftest import running
from tests.made_versions import ANN

pytestmark = pytest.mark.slow

PICTURE = made_data.jpeg(made_data.picture("REAL"))


@pytest.fixture
def registry(made_models: Path, made_dataset: Path, user_data: Path) -> VersionRegistry:
    """The registry with a version 2 whose 2D-CNN says FAKE of everything."""
    return made_gates.with_blind_version(made_models, made_dataset, user_data)


def test_a_promoted_version_answers_the_next_request(registry, made_models, user_data):
    """And after going back the former one, without another start."""
    files = [("files", ("real.jpg", PICTURE))]
    seen = []

    with running(partial(workbench_in_use, made_models, user_data), Limits()) as client:

        def ask() -> None:
            form = {"network": "cnn"}
            (row,) = client.post("/judge", files=files, data=form).json()["results"]
            facts = client.get("/networks").json()
            hashes = {each["name"]: each["model_sha256"] for each in facts["networks"]}
            seen.append((facts["version"], row["label"], hashes["cnn"]))
            assert client.get("/health").json()["version"] == facts["version"]

        ask()
        registry.promote(2, why="finds it", by=ANN)
        ask()
        registry.rollback("cnn", why="", by=ANN)
        ask()

    shipped, taught = (
        store.revision("cnn", folder) for folder in (made_models, registry.folder(2))
    )
    assert seen == [(1, "REAL", shipped), (2, "FAKE", taught), (1, "REAL", shipped)]


def test_without_networks_the_sentence_says_so(tmp_path, user_data):
    """It is the server that lacks something, not the request."""
    open_bench = partial(workbench_in_use, tmp_path, user_data)

    with running(open_bench, Limits()) as client:
        response = client.post("/judge", files=[("files", ("real.jpg", PICTURE))])

    assert response.status_code == 503
    assert response.headers["content-type"] == "application/problem+json"
    assert "There are no trained networks" in response.json()["detail"]
