"""`POST /explain`: which pixels of a picture spoke for a label."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Final

from anyio import to_thread
from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import JSONResponse

from cifake_core.api.problems import documented
from cifake_core.api.records import HeatMapFacts
from cifake_core.api.state import State
from cifake_core.api.uploads import BoundedRoute
from cifake_core.basics.labels import Label
from cifake_core.basics.registry import lookup
from cifake_core.basics.seeds import MAX_SEED
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.records import Explanation
from cifake_core.networks import NETWORKS
from cifake_core.pictures.reading import read_picture
from cifake_core.pictures.records import PreparedPicture
from cifake_core.workbench import Workbench
from cifake_core.workbench.heat_maps import map_facts, overlay_png, own_label

router = APIRouter(route_class=BoundedRoute)

_PNG: Final = "image/png"


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What is asked: `label` is None for the network's own."""

    network: str
    method: str
    label: Label | None
    seed: int


@router.post(
    "/explain",
    summary="Show which pixels spoke for a label",
    response_class=JSONResponse,
    responses={
        200: {
            "model": HeatMapFacts,
            "content": {_PNG: {"schema": {"type": "string", "format": "binary"}}},
        },
        **documented(400, 403, 408, 413, 415, 422, 429, 503),
    },
)
async def explain(  # noqa: PLR0913 - the fields of the form
    *,
    request: Request,
    state: State,
    files: Annotated[
        list[UploadFile], File(min_length=1, max_length=1, description="One picture.")
    ],
    network: Annotated[str, Form(json_schema_extra={"enum": [*NETWORKS]})],
    method: Annotated[str, Form(json_schema_extra={"enum": [*EXPLAINERS]})],
    label: Annotated[
        Label | None, Form(description="By default what the network says.")
    ] = None,
    seed: Annotated[int, Form(ge=0, le=MAX_SEED)] = 0,
) -> Response:
    """Facts of the heat map, with how far it can be trusted.

    With `Accept: image/png` the map itself, laid over the picture.
    """
    question = Question(network=network, method=method, label=label, seed=seed)
    data = await files[0].read()
    with state.gate.work():
        bench, _ = await to_thread.run_sync(state.open_bench)
        if _PNG in request.headers.get("accept", ""):
            png = await state.gate.run(partial(_png, bench, data, question))
            return Response(png, media_type=_PNG)
        facts = await state.gate.run(partial(_facts, bench, data, question))
    return JSONResponse(facts)


def _png(bench: Workbench, data: bytes, question: Question) -> bytes:
    """The map over the picture, as a file."""
    return overlay_png(*_explained(bench, data, question))


def _facts(
    bench: Workbench, data: bytes, question: Question
) -> dict[str, Any]:  # of JSON values
    """The map's facts, its trust score among them."""
    picture, explanation = _explained(bench, data, question)
    trust = bench.trust(picture, explanation, seed=question.seed)
    return map_facts(explanation, trust, knows=bench.scope.known(question.network))


def _explained(
    bench: Workbench, data: bytes, question: Question
) -> tuple[PreparedPicture, Explanation]:
    """The picture as the networks see it, and its map."""
    lookup(EXPLAINERS, question.method, kind="method")  # before anything is computed
    picture = bench.prepare(read_picture(data).pixels)
    explanation = bench.explain(
        picture,
        network=question.network,
        method=question.method,
        label=question.label or own_label(bench, question.network, picture),
        seed=question.seed,
    )
    return picture, explanation
