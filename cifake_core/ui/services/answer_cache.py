"""The last answers to slow questions, for all sessions of the server.

Streamlit's own caches cannot hold what tells its progress: they would draw the bar
again with every answer that they give a second time.
"""

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class Kept:
    """The last `size` answers, by their questions; sessions may share it."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._answers: dict[Hashable, Any] = {}  # of any kind, as the questions are
        self._lock = threading.Lock()

    def answer(self, question: Hashable, find: Callable[[], T]) -> T:
        """Return the answer to `question`; `find` is called if it is not kept.

        What `find` raises comes through, and then nothing is kept. Nobody waits for
        the answer to another question.
        """
        with self._lock:
            if question in self._answers:
                # the one asked for last is the last to go
                found: T = self._answers.pop(question)
                self._answers[question] = found
                return found
        found = find()
        with self._lock:
            self._answers[question] = found
            while len(self._answers) > self._size:
                del self._answers[next(iter(self._answers))]
        return found
