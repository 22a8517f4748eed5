"""REST beside the pages: mounted in their server, made when it is first asked."""

import asyncio
import os
from typing import Final

from anyio import to_thread
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

PREFIX: Final = "/api/v1"


def mounted() -> Mount:
    """The route of Streamlit's app below which REST answers, for the whole server."""
    return Mount(PREFIX, app=_MadeWhenAsked())


class _MadeWhenAsked:
    """The REST application; FastAPI is imported by the first request, in a thread."""

    def __init__(self) -> None:
        self._api: ASGIApp | None = None
        self._making = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does."""
        async with self._making:
            if self._api is None:
                self._api = await to_thread.run_sync(_make)
        await self._api(scope, receive, send)


def _make() -> ASGIApp:
    """The application over the models and the user data that the door names."""
    # all of it imports slowly
    from cifake_core.accounts.settings import accounts_in_use  # noqa: PLC0415
    from cifake_core.api.application import create_api  # noqa: PLC0415
    from cifake_core.api.limits import read_limits  # noqa: PLC0415
    from cifake_core.basics.places import models_folder, user_data_folder  # noqa: PLC0415
    from cifake_core.workbench.in_use import workbench_in_use  # noqa: PLC0415

    return create_api(
        lambda: workbench_in_use(models_folder(), user_data_folder()),
        read_limits(os.environ),
        accounts_in_use(user_data_folder(), os.environ),
    )
