"""Uploads: forms read within the limits, into memory alone, never onto the disk.

Those of jobs are the exception: they are kept, and may be large.
"""

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing, suppress
from typing import Any, Final

from fastapi import HTTPException, Request, Response
from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.types import Message

from cifake_core.api.guard import GuardedRoute
from cifake_core.api.limits import Limits
from cifake_core.api.state import state_of

_BROKEN, _TIMEOUT, _TOO_LARGE, _NO_FORM = 400, 408, 413, 415
#: Beside the files; more are no form of ours.
_MAX_FIELDS: Final = 16
#: Bytes of a field's text.
_MAX_FIELD: Final = 1024
#: Seconds that a refused upload may go on: a client that still sends reads no answer.
_DRAIN_SECONDS: Final = 5


class _InMemory(MultiPartParser):
    """Parser that keeps files in memory: pictures are stored nowhere."""

    spool_max_size = sys.maxsize
    is_whole = False  # until the last boundary

    def on_end(self) -> None:
        """Note that the form ended as it should; without it, its last part is lost."""
        self.is_whole = True


class _OnDisk(_InMemory):
    """Parser that puts larger files into temporary ones."""

    spool_max_size = 1024**2


class BoundedRequest(Request):
    """Request whose form is read within the limits.

    Args:
        request: as it came.
        limits: of its files, its bytes and its time.
        parser: reads the form.
    """

    def __init__(
        self, request: Request, limits: Limits, parser: type[_InMemory] = _InMemory
    ) -> None:
        super().__init__(request.scope, self._next)
        self._parser = parser
        self._receive_next = request.receive
        self._limits = limits
        self._num_bytes = 0
        self._ended = False  # nothing more comes

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """The body, as it comes.

        Raises:
            HTTPException: 413 if it is too large.
        """
        async for chunk in super().stream():
            self._num_bytes += len(chunk)
            if self._num_bytes > self._limits.max_body_bytes:
                raise self._too_large()
            yield chunk

    # FastAPI awaits it and no more
    async def form(self, **_limits: object) -> FormData:  # type: ignore[override]
        """The form: fields, and files in memory.

        Raises:
            HTTPException: 408, 413 or 415 if it breaks a limit, 400 if it is broken.
            ClientDisconnect: If the client went away.
        """
        kind, _, _ = self.headers.get("content-type", "").partition(";")
        if kind.strip().lower() != "multipart/form-data":
            msg = "Send a form of the type multipart/form-data, pictures in `files`."
            raise HTTPException(_NO_FORM, msg)
        declared = self.headers.get("content-length", "")
        if declared.isdigit() and int(declared) > self._limits.max_body_bytes:
            raise self._too_large()
        try:
            async with (
                asyncio.timeout(self._limits.upload_seconds),
                aclosing(self.stream()) as chunks,
            ):
                return await self._parse(chunks)
        except TimeoutError as error:
            self._ended = True  # nothing more is awaited
            msg = (
                f"The upload was not here after {self._limits.upload_seconds} seconds, "
                "the most; send fewer or smaller pictures."
            )
            headers = {"Connection": "close"}
            raise HTTPException(_TIMEOUT, msg, headers=headers) from error

    async def drain(self) -> None:
        """Read what a refused client still sends, a while, so that it can listen."""
        if self._ended or ("expect" in self.headers and not self._num_bytes):
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN_SECONDS):
                while not self._ended:
                    await self._next()

    async def _next(self) -> Message:
        """The next piece of the body, or that the client went away."""
        message = await self._receive_next()
        self._ended = not message.get("more_body", False)
        return message

    async def _parse(self, chunks: AsyncGenerator[bytes, None]) -> FormData:
        """The form in these chunks."""
        parser = self._parser(
            self.headers,
            chunks,
            max_files=self._limits.max_files,
            max_fields=_MAX_FIELDS,
            max_part_size=_MAX_FIELD,
        )
        try:
            form = await parser.parse()
        except MultiPartException as error:
            if error.message.startswith("Too many files"):
                msg = (
                    f"A request may have {self._limits.max_files} pictures at most; "
                    "send the others in a next one."
                )
                raise HTTPException(_TOO_LARGE, msg) from error
            msg = f"The form is broken: {error.message} Send it again."
            raise HTTPException(_BROKEN, msg) from error
        if not parser.is_whole:
            await form.close()
            raise HTTPException(_BROKEN, "The form is cut off; send it again.")
        return form

    def _too_large(self) -> HTTPException:
        """The answer to too many bytes."""
        most = self._limits.max_body_bytes
        msg = (
            f"A request may have {most:,} bytes at most; send fewer or smaller "
            "pictures at a time."
        )
        return HTTPException(_TOO_LARGE, msg)


class BoundedRoute(GuardedRoute):
    """The same, through the gate, with a form within the limits."""

    @staticmethod
    def bound(request: Request, limits: Limits) -> BoundedRequest:
        """The request within the limits."""
        return BoundedRequest(request, limits)

    def get_route_handler(
        self,
    ) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, as FastAPI asks for it."""
        handle = super().get_route_handler()

        async def handle_bounded(request: Request) -> Response:
            gate = state_of(request).gate
            bounded = self.bound(request, gate.limits)
            client = request.client.host if request.client else ""
            try:
                with gate.admit(client):
                    return await handle(bounded)
            except HTTPException:
                await bounded.drain()
                raise

        return handle_bounded


class JobRoute(BoundedRoute):
    """The same, with a form within the limits of a job."""

    @staticmethod
    def bound(request: Request, limits: Limits) -> BoundedRequest:
        """The request within the limits of a job."""
        return BoundedRequest(request, limits.of_job(), _OnDisk)
