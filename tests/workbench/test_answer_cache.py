"""Answer cache: computed once, by one of those who ask at the same time; bounded."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from cifake_core.workbench import AnswerCache

#: Seconds after which a thread that should have gone on has not.
_PATIENCE = 20


class Slow:
    """A computation that waits in the middle until a test lets it go on."""

    def __init__(self, *, fails: bool = False) -> None:
        self.begun = threading.Event()
        self.may_end = threading.Event()
        self.calls = 0
        self._fails = fails

    def __call__(self, tell) -> str:
        """Tell half, wait, then answer or fail."""
        self.calls += 1
        tell(0.5)
        self.begun.set()
        assert self.may_end.wait(_PATIENCE)
        if self._fails:
            msg = "It went wrong."
            raise ValueError(msg)
        return "answer"


def test_an_answer_is_found_once():
    """The same question is answered from memory, another one is not."""
    cache, found = AnswerCache(2), iter("abc")

    answers = [cache.answer(question, lambda _: next(found)) for question in (1, 1, 2)]

    assert answers == ["a", "a", "b"]


def test_what_was_asked_for_longest_ago_goes_first():
    """Beyond its size, the answer that nobody asked for lately is forgotten."""
    cache, found = AnswerCache(2), iter("abcd")

    for question in (1, 2, 1, 3):
        cache.answer(question, lambda _: next(found))

    assert cache.answer(1, lambda _: next(found)) == "a"
    assert cache.answer(2, lambda _: next(found)) == "d"


def test_a_fault_is_not_kept():
    """What stops the search comes through, and the next one searches again."""
    cache = AnswerCache(2)

    def stop(_) -> str:
        msg = "stopped"
        raise KeyboardInterrupt(msg)

    with pytest.raises(KeyboardInterrupt, match="stopped"):
        cache.answer(1, stop)

    assert cache.answer(1, lambda _: "a") == "a"


def test_two_who_ask_at_once_cause_one_computation():
    """The second waits, is told how far the first is, and gets the same answer."""
    cache, slow, told = AnswerCache(2), Slow(), threading.Event()

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(cache.answer, "q", slow)
        assert slow.begun.wait(_PATIENCE)
        second = threads.submit(
            cache.answer, "q", slow, progress=lambda share: share == 0.5 and told.set()
        )
        assert told.wait(_PATIENCE)
        slow.may_end.set()

        assert first.result(_PATIENCE) == second.result(_PATIENCE) == "answer"
    assert slow.calls == 1


def test_another_question_does_not_wait():
    """While one answer is computed, others are given."""
    cache, slow = AnswerCache(2), Slow()

    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(cache.answer, "q", slow)
        assert slow.begun.wait(_PATIENCE)

        other = cache.answer("other", lambda _: "at once")
        slow.may_end.set()

        assert first.result(_PATIENCE) == "answer"
    assert other == "at once"


def test_when_the_first_fails_the_next_computes():
    """The fault is told to the first alone; who waited finds the answer itself."""
    cache, failing, told = AnswerCache(2), Slow(fails=True), threading.Event()

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(cache.answer, "q", failing)
        assert failing.begun.wait(_PATIENCE)
        second = threads.submit(
            cache.answer, "q", lambda _: "mine", progress=lambda _: told.set()
        )
        assert told.wait(_PATIENCE)
        failing.may_end.set()

        with pytest.raises(ValueError, match=r"It went wrong\."):
            first.result(_PATIENCE)
        assert second.result(_PATIENCE) == "mine"


def test_who_waits_can_give_up():
    """What progress raises comes through, and the computation goes on."""
    cache, slow = AnswerCache(2), Slow()

    def give_up(_share: float) -> None:
        msg = "enough"
        raise InterruptedError(msg)

    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(cache.answer, "q", slow)
        assert slow.begun.wait(_PATIENCE)

        with pytest.raises(InterruptedError, match="enough"):
            cache.answer("q", slow, progress=give_up)
        slow.may_end.set()

        assert first.result(_PATIENCE) == "answer"
    assert slow.calls == 1


def test_who_computes_can_give_up():
    """What progress raises ends the computation; nothing is kept."""
    cache, slow = AnswerCache(2), Slow()

    def give_up(_share: float) -> None:
        msg = "enough"
        raise InterruptedError(msg)

    with pytest.raises(InterruptedError, match="enough"):
        cache.answer("q", slow, progress=give_up)

    assert not slow.begun.is_set()
    assert cache.answer("q", lambda _: "new") == "new"
