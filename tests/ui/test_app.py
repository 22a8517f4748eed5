"""The start of the app: what loads, when, and what must not stop it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.util import calc_hash
from streamlit.web.server.app_discovery import discover_asgi_app

from cifake_core.basics.places import MODELS_VARIABLE
from tests.models import Remake
from tests.ui.reading import ROOT, OpenApp


def test_networks_load_behind_the_first_page(made: Path):
    """Nobody waits for TensorFlow: it loads once the first page was drawn."""
    lines = (
        "import time",
        "from streamlit.testing.v1 import AppTest",
        "page = AppTest.from_file('app.py', default_timeout=60).run()",
        "drawn = bool(page.header), 'tensorflow' in sys.modules",
        "end = time.monotonic() + 90",
        "late = lambda: 'tensorflow' in sys.modules or time.monotonic() > end",
        "[time.sleep(0.2) for _ in iter(late, True)]",
        "print(*drawn, 'tensorflow' in sys.modules)",
    )

    began = _begin("; ".join(lines), **{MODELS_VARIABLE: str(made)})

    assert began == "True False True"


def test_damaged_cards_do_not_stop_the_start(open_app: OpenApp, remake: Remake):
    """They are told in a sentence, and pictures can be given all the same."""
    remake(damaged=("cnn/card.json", "ensemble/card.json"))

    app = open_app()

    assert app.title[0].value == "Photograph or AI-generated?"
    assert [error.value for error in app.error if "card.json" in error.value]
    assert app.file_uploader
    assert not app.exception


@pytest.mark.parametrize(
    ("address", "query", "title"),
    [
        ("map", {"network": "cnn3d"}, "Which pictures are alike to a network?"),
        ("damage", {"damage": "blur_0.8"}, "How much corruption do the networks bear?"),
    ],
)
def test_old_addresses_lead_to_the_new_ones(
    open_app: OpenApp, address: str, query: dict[str, str], title: str
):
    """A link from before opens the page with what it asked for."""
    app = open_app()
    app.query_params = query

    app._page_hash = calc_hash(address)  # noqa: SLF001 - `switch_page` opens files alone
    app.run()

    assert app.title[0].value == title
    assert app.query_params == query
    assert not app.warning
    assert not app.exception


def _begin(lines: str, **environment: str) -> str:
    """Return what a server prints that begins as `streamlit run` begins it."""
    code = f"""
import asyncio, sys
import app
async def begin():
    async with app.lifespan(app.app):
        {lines}
asyncio.run(begin())
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, **environment},
        text=True,
    )
    return done.stdout.strip()


def test_the_server_starts_with_the_libraries_of_the_pages():
    """`streamlit run` finds it in app.py; of what is large only TensorFlow waits."""
    found = discover_asgi_app(ROOT / "app.py")
    large = {"plotly", "pyarrow.parquet", "scipy", "tensorflow"}
    loaded = _begin(f"print(sorted({large} & set(sys.modules)))")

    assert found.import_string == "app:app"
    assert loaded == "['plotly', 'pyarrow.parquet', 'scipy']"


def test_the_server_starts_where_opencv_cannot_load(tmp_path):
    """What is to be installed is said on the page, so the server must come up."""
    (tmp_path / "cv2.py").write_text('raise ImportError("libGL.so.1 is missing")')

    assert _begin('print("it answers")', PYTHONPATH=str(tmp_path)) == "it answers"


def test_pages_do_not_wait_for_tensorflow():
    """Every page is drawn without an import of TensorFlow, Keras or LIME."""
    code = """
import sys
from pathlib import Path
from streamlit.testing.v1 import AppTest
from streamlit.web.server.app_discovery import discover_asgi_app
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
