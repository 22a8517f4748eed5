"""Answers that are kept: found once, the oldest forgotten, faults not kept."""

import pytest
from cifake_core.ui.services.answer_cache import AnswerCache


def test_an_answer_is_found_once():
    """The same question is answered from memory, another one is not."""
    kept, found = AnswerCache(2), iter("abc")

    answers = [kept.answer(question, lambda: next(found)) for question in (1, 1, 2, 1)]

    assert answers == ["a", "a", "b", "a"]


def test_what_was_asked_for_longest_ago_goes_first():
    """Beyond its size, the answer that nobody asked for lately is forgotten."""
    kept, found = AnswerCache(2), iter("abcd")

    for question in (1, 2, 1, 3):
        kept.answer(question, lambda: next(found))

    assert kept.answer(1, lambda: next(found)) == "a"
    assert kept.answer(2, lambda: next(found)) == "d"


def test_a_fault_is_not_kept():
    """What stops the search comes through, and the next one searches again."""
    kept = AnswerCache(2)

    def stop() -> str:
        msg = "stopped"
        raise KeyboardInterrupt(msg)

    with pytest.raises(KeyboardInterrupt, match="stopped"):
        kept.answer(1, stop)

    assert kept.answer(1, lambda: "a") == "a"
