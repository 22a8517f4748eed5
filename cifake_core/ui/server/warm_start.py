"""Warm start: what the first views would wait for, done before anybody comes."""

import gc
import inspect
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

import streamlit as st

from cifake_core import figures
from cifake_core.basics.errors import CifakeError
from cifake_core.evaluation import operating_points
from cifake_core.ui.browse.chart_filters import matrix_marks
from cifake_core.ui.services.bench import bench
from cifake_core.workbench import Workbench

#: After these the first page is drawn, pictures and charts included.
_SECONDS_TO_DRAW: Final = 3.0
#: Set in the process of a server; a page that a script runs loads what it asks for.
_SERVES: Final = threading.Event()


def prepare() -> None:
    """Read and count what pages show of our networks, and draw some of it for nobody.

    Answers are kept for visitors, and what reads, counts and draws loads the rest of
    itself when it first does so.
    """
    _SERVES.set()
    # Streamlit asks once who calls it, for which Python looks up all modules' files
    inspect.stack()
    names = bench().names()
    for name in names:
        with suppress(CifakeError):  # told where a visitor asks for it
            bench().evaluation.report(name, leak_free=False)
            bench().evaluation.curves(name, leak_free=False)
            bench().robustness.report(name, leak_free=False)
    for name in names[:1]:
        with suppress(CifakeError):
            _draw(name)


def load_networks() -> None:
    """Begin to load the networks behind the page, once for each folder of models."""
    if _SERVES.is_set():
        _load_later(bench().models, bench())


@st.cache_resource(max_entries=4, show_spinner=False)
def _load_later(models: Path, _workbench: Workbench) -> None:
    """Load them a little later, as it would keep the first page's pictures waiting."""
    del models  # stands for the workbench

    def load() -> None:
        with suppress(CifakeError):  # told where a visitor asks for a verdict
            _workbench.warm_up()
        # Streamlit collects garbage after every view, and walks over whatever was
        # ever loaded: half a second with TensorFlow, while nobody is answered
        gc.collect()
        gc.freeze()

    timer = threading.Timer(_SECONDS_TO_DRAW, load)
    timer.daemon = True
    timer.start()


def _draw(network: str) -> None:
    """Charts of a network's scores."""
    evaluation = bench().evaluation
    found = evaluation.scores(network)
    report = evaluation.report(network, leak_free=False)
    curves = evaluation.curves(network, leak_free=False)
    point = operating_points.operating_point(
        found.labels, found.logits, threshold=operating_points.EVEN
    )
    figures.curves_figure(report, curves, point)
    figures.matrix_figure(point, marks=matrix_marks(), chosen="").to_json()
