"""Answers that are kept: found once, the oldest forgotten, faults not kept."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from cifake_core.workbench.answer_cache import AnswerCache


def test_an_answer_is_found_once():
    """The same question is answered from memory, another one is not."""
    kept, found = AnswerCache(2), iter("abc")

    answers = [
        kept.answer(question, lambda _: next(found)) for question in (1, 1, 2, 1)
    ]

    assert answers == ["a", "a", "b", "a"]


def test_what_was_asked_for_longest_ago_goes_first():
    """Beyond its size, the answer that nobody asked for lately is forgotten."""
    kept, found = AnswerCache(2), iter("abcd")

    for question in (1, 2, 1, 3):
        kept.answer(question, lambda _: next(found))

    assert kept.answer(1, lambda _: next(found)) == "a"
    assert kept.answer(2, lambda _: next(found)) == "d"


def test_a_fault_is_not_kept():
    """What stops the search comes through, and the next one searches again."""
    kept = AnswerCache(2)

    def stop(_) -> str:
        msg = "stopped"
        raise KeyboardInterrupt(msg)

    with pytest.raises(KeyboardInterrupt, match="stopped"):
        kept.answer(1, stop)

    assert kept.answer(1, lambda _: "a") == "a"


def test_two_who_ask_the_same_cause_one_computation():
    """The second waits, and is told how far the first one is."""
    cache, shares, finds = AnswerCache(2), [], []
    begun, go_on = threading.Event(), threading.Event()

    def find(progress) -> str:
        finds.append("found")
        progress(0.5)
        begun.set()
        go_on.wait()
        return "a"

    def told(share: float) -> None:
        shares.append(share)
        go_on.set()

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(cache.answer, 1, find)
        begun.wait()
        second = threads.submit(cache.answer, 1, find, progress=told)
        answers = [first.result(), second.result()]

    assert answers == ["a", "a"]
    assert finds == ["found"]
    assert shares[0] == 0.5
