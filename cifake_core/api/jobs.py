"""`/jobs`: many pictures at once, queued and done behind the answers."""

import tempfile
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeAlias

from anyio import to_thread
from fastapi import APIRouter, File, HTTPException, Query, UploadFile
from fastapi.responses import FileResponse, JSONResponse
from starlette.background import BackgroundTask

from cifake_core.api.guard import User
from cifake_core.api.problems import documented
from cifake_core.api.records import JobId, JobStatus
from cifake_core.api.state import ApiState, State
from cifake_core.api.uploads import JobRoute
from cifake_core.jobs.queue.queue import JobQueue
from cifake_core.jobs.queue.records import QueuedJob
from cifake_core.jobs.queue.results import JobResults

router = APIRouter(route_class=JobRoute)

Format: TypeAlias = Literal["jsonl", "csv", "parquet"]

_TYPES: Final[dict[Format, str]] = {
    "jsonl": "application/x-ndjson",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
}
_TEXT: Final = {"schema": {"type": "string"}}
_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
_TOO_MANY_REQUESTS, _UNAVAILABLE = 429, 503
#: Seconds after which a job may have ended.
_LATER: Final = 30


@router.post(
    "/jobs",
    status_code=202,
    summary="Queue many pictures",
    responses={
        202: {"model": JobId},
        **documented(400, 403, 408, 413, 415, 422, 429, 503),
    },
)
async def queue_job(
    state: State,
    user: User,
    files: Annotated[
        list[UploadFile],
        File(min_length=1, description="Pictures, or one zip of pictures."),
    ],
) -> JSONResponse:
    """The job's id; the pictures are kept until the job is removed.

    They are judged one after the other, after the jobs that were queued before.
    """
    given = [(file.filename or "", file.file) for file in files]
    with state.gate.work():
        queue = await _queue(state, user)
        if await to_thread.run_sync(queue.num_at_work) >= state.gate.limits.max_jobs:
            msg = (
                f"{state.gate.limits.max_jobs} jobs wait or are worked on, the most; "
                "send this one when one of them has ended."
            )
            headers = {"Retry-After": str(_LATER)}
            raise HTTPException(_TOO_MANY_REQUESTS, msg, headers=headers)
        try:
            job = await to_thread.run_sync(queue.add_files, given)
        except OSError as error:
            msg = f"The pictures cannot be kept: {error.strerror}. Try again later."
            raise HTTPException(_UNAVAILABLE, msg) from error
    return JSONResponse({"id": job.id}, status_code=202)


@router.get(
    "/jobs/{job}",
    summary="Say how far a job is",
    responses={200: {"model": JobStatus}, **documented(404, 422, 429, 503)},
)
async def look(job: str, state: State, user: User) -> JSONResponse:
    """Its state and counts; what it has judged so far is under `results`."""
    queue = await _queue(state, user)
    return _status(await to_thread.run_sync(queue.get, job))


@router.get(
    "/jobs/{job}/results",
    summary="Give a job's rows",
    response_class=FileResponse,
    responses={
        200: {
            "content": {
                _TYPES["jsonl"]: _TEXT,
                _TYPES["csv"]: _TEXT,
                _TYPES["parquet"]: _BINARY,
            }
        },
        **documented(404, 422, 429, 503),
    },
)
async def results(
    job: str,
    state: State,
    user: User,
    form: Annotated[Format, Query(alias="format")] = "jsonl",
) -> FileResponse:
    """The rows so far, as `predict --json` has them, in the order of the files.

    `path` is relative to the zip, and `file` is left out; a file that could not be
    judged has `error`.
    """
    with state.gate.work():
        bench, _ = await to_thread.run_sync(state.open_bench)
        found = await to_thread.run_sync(JobQueue(bench.user_data, user).get, job)
        rows = JobResults(bench.user_data, found)
        path = await to_thread.run_sync(partial(_exported, rows, form))
    return FileResponse(
        path,
        media_type=_TYPES[form],
        filename=f"{job}.{form}",
        background=BackgroundTask(path.unlink, missing_ok=True),
    )


@router.delete(
    "/jobs/{job}",
    summary="Cancel a job, or remove one that has ended",
    responses={200: {"model": JobStatus}, **documented(403, 404, 422, 429, 503)},
)
async def end(job: str, state: State, user: User) -> JSONResponse:
    """As it stands afterwards; one that is removed is gone with all that was kept.

    A job that is at work or paused is cancelled, and keeps the rows it has; ask again
    to remove it.
    """
    queue = await _queue(state, user)
    return _status(await to_thread.run_sync(_ended, queue, job))


def _ended(queue: JobQueue, job: str) -> QueuedJob:
    """The job, cancelled or removed."""
    found = queue.get(job)
    if found.is_at_work or found.state == "paused":
        return queue.cancel(job)
    return queue.remove(job)


def _exported(results: JobResults, form: Format) -> Path:
    """A temporary file of all rows."""
    with tempfile.NamedTemporaryFile(suffix=f".{form}", delete=False) as file:
        path = Path(file.name)
    try:
        results.export(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


async def _queue(state: ApiState, user: int | None) -> JobQueue:
    """The queue in the user's database, of who asks."""
    bench, _ = await to_thread.run_sync(state.open_bench)
    return JobQueue(bench.user_data, user)


def _status(job: QueuedJob) -> JSONResponse:
    """How far a job is."""
    status: dict[str, Any] = {
        "id": job.id,
        "state": job.state,
        "done": job.done,
        "total": job.total,
        "errors": job.errors,
    }
    if job.sentence:
        status["sentence"] = job.sentence
    return JSONResponse(status)
