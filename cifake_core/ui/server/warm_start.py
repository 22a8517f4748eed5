"""Warm start: the networks load behind the first page, out of the collector's way.

`cifake_core.ui.server` says what the wait and `gc.freeze` save: Streamlit and Keras
each walk over all objects for garbage after every view, half a second once TensorFlow
is loaded, while nobody is answered.
"""

import gc
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final
from weakref import WeakSet

from cifake_core.basics.errors import CifakeError
from cifake_core.workbench import Workbench

#: After these the first page is drawn, pictures and charts included.
SECONDS_TO_DRAW: Final = 3.0
#: Set while a server answers; a page that a script runs loads what it asks for.
SERVES: Final = threading.Event()
#: Workbenches whose networks are loaded, or will be.
_WARM: Final = WeakSet[Workbench]()
_BEGINNING: Final = threading.Lock()


def load_networks(workbench: Workbench) -> None:
    """Begin to load a workbench's networks behind the page, once."""
    with _BEGINNING:
        if not SERVES.is_set() or workbench in _WARM:
            return
        _WARM.add(workbench)

    def load() -> None:
        with suppress(CifakeError):  # told where a visitor asks for a verdict
            workbench.warm_up()

    begin(load)


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
        gc.unfreeze()  # the networks of a former version may go
        gc.collect()
        gc.freeze()

    timer = threading.Timer(seconds, load_for_good)
    timer.daemon = True
    timer.start()
    return timer
