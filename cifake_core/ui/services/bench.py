"""The app's workbench: one for the whole server, shared by all visitors."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from cifake_core.basics.places import models_folder, user_data_folder
from cifake_core.workbench import Workbench
from cifake_core.workbench.in_use import workbench_in_use
from cifake_core.workbench.precedence import page_drawn

#: Streamlit draws a page in one thread; this holds the workbench that answers it.
_drawing: Final = threading.local()


def bench() -> Workbench:
    """The workbench over the version in use; the same for a page from top to bottom.

    Raises:
        DatabaseUnavailableError: If it is not known which version is in use.
    """
    pinned: Workbench | None = getattr(_drawing, "bench", None)
    return pinned or _current()[0]


@contextmanager
def pinned() -> Iterator[tuple[Workbench, str]]:
    """Context in which one workbench answers, whatever is promoted meanwhile.

    Otherwise a page that is drawn at that moment would mix two versions. Work for
    programs gives way to it.

    Yields:
        That workbench, and a sentence if it is over another version than that in use.

    Raises:
        DatabaseUnavailableError: If it is not known which version is in use.
    """
    found = _current()
    _drawing.bench = found[0]
    try:
        with page_drawn():
            yield found
    finally:
        _drawing.bench = None


def _current() -> tuple[Workbench, str]:
    """The workbench over the version in use, and the sentence if that is another."""
    return workbench_in_use(models_folder(), user_data_folder())
