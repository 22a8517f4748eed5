"""The app under test."""

import gc
from collections.abc import Iterator
from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from cifake_core.ui.services import evidence, neighbours, services, stored
from tests.ui.stand_in import ROOT, OpenApp, StandIn


@pytest.fixture(scope="session", autouse=True)
def _packages_are_searched_once() -> Iterator[None]:
    """Remember what each AppTest looks for in every installed package."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        search = cache(manifest_scanner.scan_component_manifests)
        monkeypatch.setattr(manifest_scanner, "scan_component_manifests", search)
        yield


@pytest.fixture(autouse=True)
def _garbage_is_looked_for_in_what_is_new() -> Iterator[None]:
    """Leave out what other tests have left, as the app leaves out its modules.

    Streamlit collects garbage after each rerun, twice once Keras is loaded: half a
    second each time among all that TensorFlow's tests leave behind.
    """
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """Return the services that pages will ask."""
    stand_in = StandIn()
    for name, function in vars(StandIn).items():
        if callable(function) and not name.startswith("_"):
            modules = (services, evidence, stored, neighbours)
            module = next(each for each in modules if hasattr(each, name))
            monkeypatch.setattr(module, name, getattr(stand_in, name))
    return stand_in


@pytest.fixture
def open_app(stand_in: StandIn) -> OpenApp:
    """Return a function that starts the app, on a page if one is named."""
    del stand_in  # in place before the app starts

    def open_app(page: str | None = None) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=20).run()
        return app.switch_page(page).run() if page else app

    return open_app
