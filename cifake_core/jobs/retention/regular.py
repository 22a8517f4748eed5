"""Regular sweeps of retention, by a thread of the server that is there."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cifake_core.basics.errors import CifakeError

if TYPE_CHECKING:
    from cifake_core.jobs.retention.sweeping import Swept

#: Seconds between two sweeps; the first is at the start.
EVERY: Final = 3600.0
_PATIENCE: Final = 5.0


@contextmanager
def retained(user_data: Callable[[], Path], *, every: float = EVERY) -> Iterator[None]:
    """Context in which what was kept for long enough goes: at once, then regularly.

    Args:
        user_data: gives the user's folder; asked by the thread.
        every: seconds between two sweeps.
    """
    # SQLAlchemy and the store are imported here, at need and by one thread: of two that
    # import at once each may see the other's modules half made
    try:
        from cifake_core.jobs.retention.sweeping import sweep  # noqa: PLC0415
    except ImportError:  # where OpenCV cannot load, as the page says; nothing is kept
        yield
        return
    ended = threading.Event()

    def run() -> None:
        while True:
            _sweep(sweep, user_data)
            if ended.wait(every):
                return

    thread = threading.Thread(target=run, name="retention", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(_PATIENCE)


def _sweep(sweep: Callable[[Path], "Swept"], user_data: Callable[[], Path]) -> None:
    """Sweep once; what cannot go is told where the server tells of itself."""
    try:
        faults = sweep(user_data()).faults
    except CifakeError as error:
        faults = (f"What is too old does not go now: {error}",)
    for each in faults:
        sys.stderr.write(f"{each}\n")
