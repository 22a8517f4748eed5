"""The app under test, over networks made by hand."""

import gc
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from tests.ui.reading import ROOT, OpenApp


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
def open_app(made: Path) -> OpenApp:
    """A function that starts the app, on a page if one is named."""
    del made  # in place before the app starts

    def open_app(page: str | None = None) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
        return app.switch_page(page).run() if page else app

    return open_app
