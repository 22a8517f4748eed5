"""Answer cache: bounded, least recently used first out, with single flight."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from cifake_core.basics.progress import ProgressCallback, tell_nobody

T = TypeVar("T")

#: Seconds between two looks at how far somebody else's computation is.
_PATIENCE: Final = 0.05


@dataclass(slots=True, eq=False)
class _Flight:
    """A computation under way: how far it is, and whether it has ended."""

    share: float = 0.0
    ended: threading.Event = field(default_factory=threading.Event)


class AnswerCache:
    """The last `size` answers by their questions; threads and visitors may share it.

    Who asks what somebody else is just computing waits for that answer (single
    flight); nobody waits for the answer to another question. Answers are shared, so
    they must not be changed.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        # of any kind, each with the moment when it was last asked for
        self._answers: OrderedDict[Hashable, tuple[Any, float]] = OrderedDict()
        self._flights: dict[Hashable, _Flight] = {}
        self._lock = threading.Lock()

    def answer(
        self,
        question: Hashable,
        find: Callable[[ProgressCallback], T],
        *,
        progress: ProgressCallback = tell_nobody,
    ) -> T:
        """Answer to `question`; `find` is called if it is not kept.

        Args:
            question: what the answer depends on, the weights' hashes included.
            find: computes the answer and tells the callback that it is given the
                share done, 0 to 1.
            progress: told that share, also by who waits for somebody else's
                computation. What it raises comes through.

        Raises:
            Exception: What `find` or `progress` raises; then nothing is kept, and
                the next of those who wait computes.
        """
        while True:
            with self._lock:
                if question in self._answers:
                    found: T = self._answers.pop(question)[0]
                    self._answers[question] = found, time.monotonic()
                    return found
                flight = self._flights.get(question)
                if flight is None:
                    mine = self._flights[question] = _Flight()
                    break
            while not flight.ended.wait(_PATIENCE):
                progress(flight.share)
        return self._compute(question, find, mine, progress)

    def forget(self, *, older: float) -> int:
        """Forget answers that were last asked for longer ago than so many seconds.

        Returns:
            How many.
        """
        before, num = time.monotonic() - older, 0
        with self._lock:
            while self._answers and next(iter(self._answers.values()))[1] < before:
                self._answers.popitem(last=False)
                num += 1
        return num

    def _compute(
        self,
        question: Hashable,
        find: Callable[[ProgressCallback], T],
        flight: _Flight,
        progress: ProgressCallback,
    ) -> T:
        """Answer that `find` gives, and keep it."""

        def tell(share: float) -> None:
            flight.share = share
            progress(share)

        try:
            found = find(tell)
            with self._lock:
                self._answers[question] = found, time.monotonic()
                while len(self._answers) > self._size:
                    self._answers.popitem(last=False)
            return found
        finally:
            with self._lock:
                del self._flights[question]
            flight.ended.set()
