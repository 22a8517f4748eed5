"""Precedence of pages: who works for programs waits for them, not for long."""

import threading
import time

import pytest

from cifake_core.workbench.precedence import give_way, page_drawn


def waited(seconds: float) -> float:
    """How long who gives way waited."""
    started = time.monotonic()
    give_way(seconds)
    return time.monotonic() - started


def test_nobody_waits_where_no_page_is_drawn():
    """Also after one was, and one failed."""
    with pytest.raises(ZeroDivisionError), page_drawn():
        raise ZeroDivisionError

    assert waited(60) < 10


def test_work_waits_until_every_page_is_drawn():
    """And goes on at once then."""
    ended = []

    def work() -> None:
        give_way(60)
        ended.append(time.monotonic())

    with page_drawn():
        with page_drawn():
            thread = threading.Thread(target=work)
            thread.start()
        thread.join(0.2)
        assert not ended
    thread.join(30)
    assert ended


def test_a_page_that_takes_long_stops_nobody():
    """Work waits so long and no longer."""
    with page_drawn():
        assert 0.1 <= waited(0.1) < 10
