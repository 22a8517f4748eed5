"""The start of the app: what loads, when, and what must not stop it."""

import subprocess
import sys

import pytest
from streamlit.testing.v1 import AppTest

from cifake_core.errors import ModelUnavailableError
from cifake_core.networks import store
from cifake_core.ui import services
from tests.app.stand_in import ROOT, OpenApp


def test_networks_load_behind_the_first_page(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
):
    """Loading begins although the empty page stops early."""
    started = []
    monkeypatch.setattr(services, "warm_up", lambda: started.append("warm-up"))

    app = open_app()

    assert started == ["warm-up"]
    assert app.info
    assert not app.exception


def test_damaged_weights_do_not_stop_the_start(monkeypatch: pytest.MonkeyPatch):
    """Weights without a card are told when a verdict is wanted, not at the start."""

    def fail(_name: str) -> str:
        msg = "There is no card."
        raise ModelUnavailableError(msg)

    monkeypatch.setattr(store, "available", lambda: ("cnn",))
    monkeypatch.setattr(store, "revision", fail)

    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=20).run()

    assert app.title[0].value == "Photograph or AI-generated?"
    assert not app.error
    assert not app.exception


def test_pages_do_not_wait_for_tensorflow():
    """Every page is drawn without an import of TensorFlow, Keras or LIME."""
    code = """
import sys
from pathlib import Path
from streamlit.testing.v1 import AppTest
from cifake_core.ui import services
services.warm_up = lambda: None
app = AppTest.from_file(sys.argv[1], default_timeout=60).run()
pages = sorted(Path("pages").glob("*.py"))
assert pages
for page in pages:
    assert not app.switch_page(page.as_posix()).run().exception
print(sorted({"tensorflow", "keras", "lime", "skimage"} & set(sys.modules)))
"""

    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOT / "app.py")],
        capture_output=True,
        check=True,
        cwd=ROOT,
        text=True,
    )

    assert done.stdout.strip() == "[]"
