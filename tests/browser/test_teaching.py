"""From a folder of a new generator's pictures to a promoted version, and back.

Networks, CIFAKE and the new pictures are made by hand; the teaching and the gate are
the real ones.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cifake_core.basics.places import MODELS_VARIABLE, USER_DATA_VARIABLE
from cifake_core.data.datasets import library
from cifake_core.versions.registry import VersionRegistry
from tests.browser import running
from tests.browser.conftest import OpenPage
from tests.made_data import jpeg, picture
from tests.made_datasets import write_set
from tests.made_teaching import trained_models
from tests.models import write_policy

pytestmark = pytest.mark.browser

#: Milliseconds that a short teaching and its gate may take on a busy machine.
_TAUGHT = 600_000
_OPPOSITE = {"FAKE": "REAL", "REAL": "FAKE"}


@pytest.fixture(scope="module")
def place(made_models, made_dataset, tmp_path_factory) -> Path:
    """A folder with the networks, and pictures whose labels are swapped."""
    place = tmp_path_factory.mktemp("teaching")
    write_policy(trained_models(made_models, made_dataset, place / "models"))
    write_set(
        place / "swapped",
        save=lambda label, image: jpeg(picture(_OPPOSITE[label], int(image.sum()))),
    )
    return place


@pytest.fixture(scope="module")
def address(place, made_dataset) -> Iterator[str]:
    """Return the address of the app over these networks."""
    places = {
        MODELS_VARIABLE: str(place / "models"),
        USER_DATA_VARIABLE: str(place / "user"),
        "CIFAKE_DATA": str(made_dataset),
        "XDG_CACHE_HOME": str(place / "cache"),
    }
    with running.serve(place, environment=places) as server:
        yield server.address


def add_set(page: Page, name: str, folder: Path) -> None:
    """Add a data set by its path."""
    running.follow(page, "Data sets")
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("textbox", name="Path of the folder").fill(str(folder))
    page.get_by_role("textbox", name="Path of the folder").press("Enter")
    page.get_by_role("button", name="Check and add").click()
    checked = page.get_by_role("heading", name="What was checked")
    expect(checked).to_be_visible(timeout=running.CHECKED)


def add_passed(place: Path) -> None:
    """Add a version that is as good as the one in use, and passed its gate."""
    versions = VersionRegistry(place / "user", place / "models")
    digest = library.card("swapped", place / "user" / "datasets").digest
    with versions.tree(1) as tree:
        version = versions.add(
            tree,
            network="cnn_multi",
            parent=1,
            recipe={},
            datasets={"swapped": digest},
            metrics={},
            who="ada",
            why="Made by hand.",
        )
    check = {"name": "memory", "old": 1.0, "new": 1.0, "limit": 1.1, "passed": True}
    report = {
        "version": version.number,
        "against": 1,
        "passed": True,
        "checks": [check | {"sentence": "It takes as much memory as before."}],
    }
    versions.record_gate(version.number, report)


def test_a_set_is_taught_refused_promoted_and_taken_back(
    open_page: OpenPage, place: Path
):
    """Swapped labels are taught and refused; what passed is used, and given up."""
    page = open_page()
    add_set(page, "swapped", place / "swapped")

    running.follow(page, "Test set")
    page.get_by_role("combobox", name="On which pictures?").click()
    page.get_by_role("option", name="swapped").click()
    expect(page.get_by_text("Figures on the data set swapped are on")).to_be_visible()

    running.follow(page, "Teach")
    page.get_by_role("spinbutton", name="Minutes, at the most").fill("1")
    page.get_by_role("spinbutton", name="Minutes, at the most").press("Enter")
    page.get_by_test_id("stMain").get_by_role(
        "button", name="Teach", exact=True
    ).click()
    expect(page.get_by_text("CNN from swapped: ")).to_be_visible()
    expect(page.get_by_text("Refused: ")).to_be_visible(timeout=_TAUGHT)
    expect(page.get_by_text("does not").first).to_be_visible()
    expect(page.get_by_role("button", name="Promote")).to_have_count(0)

    add_passed(place)
    page.reload()
    reason = page.get_by_role("textbox", name="Why is it put into use?")
    reason.fill("It passed its gate")
    reason.press("Enter")
    page.get_by_role("button", name="Promote version 3").click()
    expect(page.get_by_text("Version 3 is in use now")).to_be_visible()

    page.get_by_text("Versions", exact=True).click()
    page.get_by_role("button", name="Go back to version 1").click()
    expect(page.get_by_text("Version 1 is in use again")).to_be_visible()
    expect(page.get_by_role("cell", name="back from version 3").first).to_be_visible()
