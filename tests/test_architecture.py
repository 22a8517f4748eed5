"""The architecture: who may import whom, and what must not load Keras."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CORE = ROOT / "cifake_core"

#: The parts of `cifake_core`; each imports only from lines above its own.
LAYERS = (
    ("__init__", "__version__", "errors"),
    ("registry", "arrays", "words"),
    ("claims", "results"),
    ("images",),
    ("preprocess",),
    ("filters",),
    ("archive",),
    ("dataset",),
    ("dataset_report",),
    ("download",),
    ("corruptions", "networks"),
    ("augmentation", "evaluation", "entries", "timing"),
    ("batches", "calibration", "recipes", "runs", "score_files", "thresholds"),
    ("optimization", "picture_statistics", "scores"),
    ("comparison", "data_facts", "game", "robustness", "selection", "session"),
    ("throughput", "training"),
    ("b_search", "data_study", "reproduction"),
    ("address", "regions"),
    ("marks",),
    ("compression", "domain", "embedding_map", "stability"),
    ("explain", "outside", "policy"),
    ("policy_card",),
    ("judge",),
    ("policy_trials",),
    ("policy_study",),
    ("figures",),
    ("report",),
    ("obvious",),
    ("benchmark",),
    ("cli", "ui"),
    ("__main__",),
)
RANKS = {part: rank for rank, parts in enumerate(LAYERS) for part in parts}

#: What a page or a listing needs before anyone asks for a verdict.
LIGHT_MODULES = (
    "cifake_core.pictures.filters",
    "cifake_core.networks",
    "cifake_core.basics.results",
    "cifake_core.pictures.reading",
    "cifake_core.data.cifake",
    "cifake_core.evaluation.metrics",
    "cifake_core.figures",
    "cifake_core.papers.claims",
    "cifake_core.papers.leaderboard",
    "cifake_core.papers.bird_lotfi_search",
    "cifake_core.ui.services.services",
)

SOURCES = sorted(
    [
        *ROOT.glob("app.py"),
        *ROOT.glob("pages/*.py"),
        *CORE.rglob("*.py"),
    ]
)
CORE_SOURCES = [path for path in SOURCES if CORE in path.parents]


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _imports(source: str) -> Iterator[str]:
    """Yield the full name of everything imported; relative ones start with a dot."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield from (f"{module}.{alias.name}" for alias in node.names)


def _part(module: str) -> str | None:
    """Return the part of the core that `module` belongs to, if any."""
    names = module.split(".")
    return names[1] if names[0] == "cifake_core" and len(names) > 1 else None


def _faults(part: str, source: str) -> list[str]:
    """Return the imports of `source` that break the order for a file of `part`."""
    others = ((name, _part(name)) for name in _imports(source))
    return [
        name
        for name, other in others
        if name.startswith(".")
        or (other and other != part and RANKS[other] >= RANKS[part])
    ]


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_streamlit_is_imported_at_the_edge_only(path):
    """Only `app.py`, the pages and `cifake_core/ui` know Streamlit."""
    at_the_edge = CORE not in path.parents or CORE / "ui" in path.parents

    users = [n for n in _imports(path.read_text("utf-8")) if n.startswith("streamlit")]

    assert at_the_edge or not users


@pytest.mark.parametrize("path", CORE_SOURCES, ids=_name)
def test_imports_point_upwards(path):
    """A file of the core imports from the layers above its own, by full name."""
    part = path.relative_to(CORE).parts[0].removesuffix(".py")

    assert part in RANKS, f"Give {part} its line in LAYERS."
    assert not _faults(part, path.read_text("utf-8"))


@pytest.mark.parametrize(
    "source",
    [
        "from cifake_core.ui import services",
        "from cifake_core import judge",
        "import cifake_core.networks.store",
        "def late():\n    from cifake_core.explain import cam",
        "from . import errors",
    ],
)
def test_an_import_that_points_down_is_found(source):
    """The check sees every way to write an import, also inside a function."""
    faults = _faults("filters", source)

    assert len(faults) == 1


def test_choices_are_offered_without_keras():
    """Filters, networks and services load neither Keras nor TensorFlow."""
    program = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]:\n"
        "    importlib.import_module(name)\n"
        "    heavy = {'keras', 'tensorflow'} & set(sys.modules)\n"
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
