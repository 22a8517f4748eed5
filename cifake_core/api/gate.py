"""Gate of REST: who may come in now, and whose picture is worked on next."""

import math
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import HTTPException
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from cifake_core.api.limits import Limits
from cifake_core.workbench.precedence import give_way

T = TypeVar("T")

_TOO_MANY_REQUESTS: Final = 429
#: Seconds after which a place is likely to be free.
_SOON: Final = 1


class Gate:
    """Gate that counts requests, on the event loop alone.

    Args:
        limits: how many it lets in.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._rate = RateLimitItemPerMinute(limits.requests_per_minute)
        self._rates = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._under_way = Counter[str]()
        self._num_working = 0
        self._workers = CapacityLimiter(limits.num_workers)

    @contextmanager
    def admit(self, client: str) -> Iterator[None]:
        """Context of one request, from before its upload.

        Args:
            client: the address it comes from.

        Raises:
            HTTPException: 429 if the client asks too often, or too much at once.
        """
        if not self._rates.hit(self._rate, client):
            reset = self._rates.get_window_stats(self._rate, client).reset_time
            msg = (
                f"At most {self.limits.requests_per_minute:,} requests a minute are "
                "answered; send the next one later."
            )
            raise _refusal(msg, seconds=max(_SOON, math.ceil(reset - time.time())))
        if self._under_way[client] >= self.limits.max_at_once_per_client:
            msg = (
                f"{self._under_way[client]} requests of yours are under way, the most; "
                "wait for an answer before you send the next one."
            )
            raise _refusal(msg, seconds=_SOON)
        self._under_way[client] += 1
        try:
            yield
        finally:
            self._under_way[client] -= 1
            if not self._under_way[client]:
                del self._under_way[client]

    @contextmanager
    def work(self) -> Iterator[None]:
        """Context of one request from its upload to its answer.

        Raises:
            HTTPException: 429 if too many wait already.
        """
        if self._num_working >= self.limits.max_at_once:
            msg = f"{self._num_working} requests wait already, the most; try again."
            raise _refusal(msg, seconds=_SOON)
        self._num_working += 1
        try:
            yield
        finally:
            self._num_working -= 1

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` returns, from a thread; those who came first go first.

        A request with many pictures asks for each anew, so that others come between,
        and pages before each.
        """

        def work_politely() -> T:
            give_way()
            return work()

        return await to_thread.run_sync(work_politely, limiter=self._workers)


def _refusal(sentence: str, *, seconds: int) -> HTTPException:
    """The answer to who must come back after so many seconds."""
    return HTTPException(
        _TOO_MANY_REQUESTS, sentence, headers={"Retry-After": str(seconds)}
    )
