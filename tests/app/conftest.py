"""The app under test."""

from collections.abc import Iterator
from functools import cache

import pytest
from streamlit import config
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from cifake_core.ui import evidence, measures, neighbours, services
from tests.app.stand_in import ROOT, OpenApp, StandIn


@pytest.fixture(scope="session", autouse=True)
def _reruns_are_short() -> Iterator[None]:
    """Leave out of each rerun what takes longer than the page, and changes nothing.

    An AppTest looks for components in every installed package, and Streamlit for
    garbage in all that other tests have left behind.
    """
    collects = config.get_option("runner.postScriptGC")
    with pytest.MonkeyPatch.context() as monkeypatch:
        search = cache(manifest_scanner.scan_component_manifests)
        monkeypatch.setattr(manifest_scanner, "scan_component_manifests", search)
        config.set_option("runner.postScriptGC", value=False)
        yield
    config.set_option("runner.postScriptGC", collects)


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """Return the services that pages will ask."""
    stand_in = StandIn()
    for name, function in vars(StandIn).items():
        if callable(function) and not name.startswith("_"):
            modules = (services, evidence, measures, neighbours)
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
