"""`GET /networks` and `GET /health`: what answers, and whether it does."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from cifake_core import __version__
from cifake_core.api.guard import GuardedRoute
from cifake_core.api.problems import documented
from cifake_core.api.records import Health, Networks
from cifake_core.api.state import State
from cifake_core.explain import EXPLAINERS
from cifake_core.networks import NETWORKS, store
from cifake_core.workbench import Workbench

router = APIRouter(route_class=GuardedRoute)


@router.get(
    "/networks",
    summary="List networks and methods",
    responses={200: {"model": Networks}, **documented(503)},
)
def networks(state: State) -> JSONResponse:
    """The version in use, its trained networks, and the methods that explain them."""
    bench, _ = state.open_bench()
    methods = [
        {
            "name": name,
            "title": method.title,
            "shows": method.shows,
            "signed": method.signed,
        }
        for name, method in EXPLAINERS.items()
    ]
    trained = [_network(bench, name) for name in bench.all_names()]
    version = bench.versions.current().number
    return JSONResponse({"version": version, "networks": trained, "methods": methods})


@router.get(
    "/health",
    summary="Say whether the server answers",
    responses={200: {"model": Health}, **documented(503)},
)
def health(state: State) -> JSONResponse:
    """That it answers, with which program and version of the networks."""
    bench, trouble = state.open_bench()
    return JSONResponse(
        {
            "status": "ok",
            "program": __version__,
            "version": bench.versions.current().number,
            "trouble": trouble,
        }
    )


def _network(bench: Workbench, name: str) -> dict[str, Any]:  # of JSON values
    """Facts of one network."""
    return {
        "name": name,
        "title": NETWORKS[name].title,
        "summary": NETWORKS[name].summary,
        "knows": list(bench.scope.known(name)),
        "model_sha256": store.revision(name, bench.models),
    }
