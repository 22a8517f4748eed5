"""Warm start: the networks load behind the first page, out of the collector's way.

`cifake_core.ui.server` says what the wait and `gc.freeze` save: Streamlit and Keras
each walk over all objects for garbage after every view, half a second once TensorFlow
is loaded, while nobody is answered.
"""

import gc
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import streamlit as st

from cifake_core.basics.errors import CifakeError
from cifake_core.ui.services.bench import bench
from cifake_core.workbench import Workbench

#: After these the first page is drawn, pictures and charts included.
SECONDS_TO_DRAW: Final = 3.0
#: Set while a server answers; a page that a script runs loads what it asks for.
SERVES: Final = threading.Event()


def load_networks() -> None:
    """Begin to load the networks behind the page, once for each folder of models."""
    if SERVES.is_set():
        _load_once(bench().models, bench())


def begin(
    load: Callable[[], None], *, seconds: float = SECONDS_TO_DRAW
) -> threading.Thread:
    """The thread that loads the networks; it does not keep a stopped server alive.

    Args:
        load: loads the networks.
        seconds: to wait before, for the first page.
    """

    def load_for_good() -> None:
        load()
        gc.collect()
        gc.freeze()

    timer = threading.Timer(seconds, load_for_good)
    timer.daemon = True
    timer.start()
    return timer


@st.cache_resource(max_entries=4, show_spinner=False)
def _load_once(models: Path, _workbench: Workbench) -> None:
    """Load the networks of a workbench, which its folder stands for."""
    del models

    def load() -> None:
        with suppress(CifakeError):  # told where a visitor asks for a verdict
            _workbench.warm_up()

    begin(load)
