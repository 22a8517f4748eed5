"""The REST application, for any server: routes, limits, problems, documentation."""

from typing import Final

from fastapi import FastAPI, Security
from fastapi.security import HTTPBearer
from fastapi_offline import FastAPIOffline

from cifake_core import __version__
from cifake_core.accounts.store import Store
from cifake_core.api import explaining, facts, history, jobs, judging
from cifake_core.api.cross_site import CrossSiteGuard
from cifake_core.api.gate import Gate
from cifake_core.api.limits import Limits
from cifake_core.api.problems import documented, handle_problems
from cifake_core.api.state import ApiState, OpenBench

_ABOUT: Final = """
Photograph or AI-generated? Networks judge pictures at 32x32 pixels, as in the CIFAKE
data set, and show where the evidence lies. **REAL means no more than no trace of the
generators that the networks know**: each answer names them, and `scope` says what was
found of others. Pictures stay in the server's memory: nothing that is sent here is
stored, but for the pictures of a job, until it is removed. `/history` has what people
brought to the pages, once they switched that on.
"""
_KEY: Final = "A key of a program, which an administrator makes and which is told once."


def create_api(
    open_bench: OpenBench, limits: Limits, accounts: Store | None = None
) -> FastAPI:
    """Return the application, to be mounted below `mount.PREFIX`.

    Args:
        open_bench: gives the workbench over the version in use.
        limits: of requests and clients.
        accounts: whose keys may ask; None lets everybody.
    """
    api = FastAPIOffline(
        docs_url="/docs",
        redoc_url=None,
        title="CIFAKE",
        version=__version__,
        description=_ABOUT,
        # else its page asks a checker in the internet about our description
        swagger_ui_parameters={"validatorUrl": None},
    )
    api.state.shared = ApiState(
        gate=Gate(limits), open_bench=open_bench, accounts=accounts
    )
    handle_problems(api)
    api.add_middleware(CrossSiteGuard)
    for part in (judging, explaining, jobs, history, facts):
        if accounts is None:
            api.include_router(part.router)
            continue
        # it only describes the key: `guard` has looked at it before
        described = Security(HTTPBearer(auto_error=False, description=_KEY))
        refusals = documented(401, 403, 429)
        api.include_router(part.router, dependencies=[described], responses=refusals)
    return api
