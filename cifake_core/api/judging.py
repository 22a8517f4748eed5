"""`POST /judge`: the verdict on each of several pictures."""

from functools import partial
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import JSONResponse

from cifake_core.api.guard import Caller
from cifake_core.api.problems import documented
from cifake_core.api.records import Judged
from cifake_core.api.state import State
from cifake_core.api.uploads import BoundedRoute
from cifake_core.basics.errors import InvalidImageError
from cifake_core.networks import NETWORKS
from cifake_core.pictures.reading import read_picture
from cifake_core.verdicts.rows import error_row, verdict_rows
from cifake_core.workbench import Workbench
from cifake_core.workbench.history import HistoryBench
from cifake_core.workbench.rows import ALL, asked_networks

router = APIRouter(route_class=BoundedRoute)

Files = Annotated[
    list[UploadFile],
    File(description="JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF; up to 10 MB each."),
]
Asked = Annotated[
    str,
    Form(
        description="Whose predictions to give: `all` of our own networks, or one.",
        json_schema_extra={"enum": [ALL, *NETWORKS]},
    ),
]


@router.post(
    "/judge",
    summary="Say whether pictures are REAL or FAKE",
    responses={
        200: {"model": Judged},
        **documented(400, 403, 408, 413, 415, 422, 429, 503),
    },
)
async def judge(
    request: Request, state: State, who: Caller, files: Files, network: Asked = ALL
) -> JSONResponse:
    """Rows in the order of the files, one for each network asked.

    A file that is no usable picture has a row with the keys `path` and `error`, and
    stops no other. All are judged by one version of the networks. Where the history is
    on, verdicts are kept, if the key may have one.
    """
    rows: list[dict[str, Any]] = []
    with state.gate.work():
        bench, _ = await to_thread.run_sync(state.open_bench)
        names = await to_thread.run_sync(asked_networks, bench, network)
        history = bench.history.of(who.user) if who.may("history") else None
        for file in files:
            if await request.is_disconnected():  # nobody waits for the others
                break
            data = await file.read()
            path = file.filename or ""
            rows += await state.gate.run(
                partial(_rows, bench, history, path, data, names)
            )
    return JSONResponse({"results": rows})


def _rows(
    bench: Workbench,
    history: HistoryBench | None,
    path: str,
    data: bytes,
    networks: tuple[str, ...],
) -> list[dict[str, Any]]:
    """Rows of one file, or the one on what is wrong with it."""
    try:
        picture = read_picture(data)
        verdict = bench.judge(picture.pixels, networks=networks)
    except InvalidImageError as error:
        return [error_row(path, error)]
    file = bench.provenance.facts(data, picture)
    if history is not None:
        history.keep(verdict, name=path, file=data, source="rest", facts=file)
    return verdict_rows(path, verdict, networks, file=file)
