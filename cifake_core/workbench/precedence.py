"""Precedence of pages: work for programs waits a little while a page is drawn.

Both are Python in one process and share its lock, so a page beside a flood of requests
would else be drawn half as fast.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

#: The longest that a picture waits: a page that computes for minutes stops nobody.
SECONDS: Final = 0.25
_changed: Final = threading.Condition()
_drawn: Final[set[object]] = set()


@contextmanager
def page_drawn() -> Iterator[None]:
    """Context in which a page is drawn."""
    page = object()
    with _changed:
        _drawn.add(page)
    try:
        yield
    finally:
        with _changed:
            _drawn.remove(page)
            _changed.notify_all()


def give_way(seconds: float = SECONDS) -> None:
    """Wait until no page is drawn, but no longer than so many seconds."""
    with _changed:
        _changed.wait_for(lambda: not _drawn, timeout=seconds)
