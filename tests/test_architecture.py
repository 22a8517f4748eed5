"""The architecture: what pages import, what must not load Keras, what docs draw.

Who may import whom among the rooms is checked by import-linter (pyproject.toml).
"""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CORE = ROOT / "cifake_core"

#: What a page or a listing needs before anyone asks for a verdict.
LIGHT_MODULES = (
    "cifake_core.pictures.filters",
    "cifake_core.networks",
    "cifake_core.data.cifake",
    "cifake_core.evaluation.metrics",
    "cifake_core.explain",
    "cifake_core.generators.service",
    "cifake_core.figures",
    "cifake_core.papers.claims",
    "cifake_core.papers.leaderboard",
    "cifake_core.papers.bird_lotfi_search",
    "cifake_core.workbench",
    "cifake_core.api.application",
    "cifake_core.jobs.file_job",
    "cifake_core.jobs.scan.worker",
    "cifake_core.jobs.queue.worker",
)


def rooms_of_the_contract() -> list[str]:
    """Return the rooms in the order of the contract on layers, from the doors down."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    first, *_ = settings["tool"]["importlinter"]["contracts"]
    return [room.strip() for line in first["layers"] for room in line.split("|")]


def test_core_holds_rooms_alone():
    """Beside the rooms of the contract there is nothing but the package's two files."""
    found = {path.name for path in CORE.iterdir() if path.name != "__pycache__"}

    assert found == {*rooms_of_the_contract(), "__init__.py", "__main__.py"}


def test_the_document_draws_the_rooms_of_the_contract():
    """The table of docs/architecture.md names every room, in the contract's order."""
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    cells = re.findall(r"^\| (`[^|]+) \|", text, flags=re.MULTILINE)

    drawn = [room for cell in cells for room in re.findall(r"`(\w+)`", cell)]

    assert drawn == rooms_of_the_contract()


@pytest.mark.parametrize("page", sorted((ROOT / "pages").glob("*.py")), ids=str)
def test_pages_ask_the_ui_alone(page):
    """A page imports Streamlit, the room of pages and the errors it may meet."""
    modules = [
        node.module or ""
        for node in ast.walk(ast.parse(page.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
    ]

    foreign = [
        module
        for module in modules
        if module.startswith("cifake_core")
        and not module.startswith(("cifake_core.ui", "cifake_core.basics.errors"))
    ]

    assert not foreign


def test_choices_are_offered_without_keras():
    """Filters, networks, methods and the workbench load neither Keras nor Streamlit."""
    program = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]:\n"
        "    importlib.import_module(name)\n"
        "    heavy = {'keras', 'tensorflow', 'streamlit'} & set(sys.modules)\n"
        "    if heavy: sys.exit(f'{name} loads {sorted(heavy)}')\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, *LIGHT_MODULES],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
