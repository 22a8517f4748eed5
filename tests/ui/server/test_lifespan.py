"""What the server says when it starts, and the headers on what it answers."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from cifake_core.accounts.settings import VARIABLE
from cifake_core.ui.server.besides import besides
from cifake_core.ui.server.headers import SECURITY
from cifake_core.ui.server.lifespan import where


@pytest.mark.parametrize("address", ["localhost", "127.0.0.1", "::1"])
def test_on_this_machine_alone_it_says_how_to_open_it(address: str):
    """Whether there are accounts does not matter then."""
    told = where(address, 8501, has_accounts=False)

    assert told.startswith(f"The app listens at {address}:8501, for this machine only")
    assert "--server.address" in told


@pytest.mark.parametrize("address", ["0.0.0.0", "192.168.1.7", "", None])  # noqa: S104
def test_open_to_others_it_says_who_may_do_what(address: str | None):
    """Without accounts everybody may do everything."""
    told = where(address, 80, has_accounts=False)
    guarded = where(address, 80, has_accounts=True)

    for each in (told, guarded):
        assert "for every machine that can reach this one" in each
        assert "TLS" in each
    assert "whoever comes may do everything" in told
    assert f"{VARIABLE}=local" in told
    assert "whoever comes must log in" in guarded


def test_all_answers_have_headers_of_security():
    """Without accounts, too; what has its own keeps it."""
    own = {"Referrer-Policy": "no-referrer"}
    rest = Route("/x", lambda _: PlainTextResponse("x", headers=own))
    app = Starlette(**besides(rest, {}))

    async def ask() -> list[httpx.Headers]:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as ask:
            return [(await ask.get(path)).headers for path in ("/x", "/nothing")]

    answered, missing = asyncio.run(ask())

    assert {name: missing[name] for name in SECURITY} == dict(SECURITY)
    assert {name: answered[name] for name in SECURITY} == {**SECURITY, **own}
