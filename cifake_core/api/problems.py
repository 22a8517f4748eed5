"""Problems: every refusal as `application/problem+json`, with a sentence for a person.

Source: RFC 9457, Problem Details for HTTP APIs.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from cifake_core.basics.errors import (
    CifakeError,
    DatabaseUnavailableError,
    GoneError,
    ModelUnavailableError,
    PictureTooLargeError,
)
from cifake_core.jobs.queue.records import JobMissingError

MEDIA_TYPE: Final = "application/problem+json"
#: What the server lacks; all else that can be mended is in the request.
_UNAVAILABLE: Final = (ModelUnavailableError, DatabaseUnavailableError)


class Problem(BaseModel):
    """A refusal: `detail` is the sentence that a page would show."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


#: In the place of the framework's words.
_SENTENCES: Final[Mapping[int, str]] = {
    404: "There is nothing at this address; /api/v1/docs lists what there is.",
    405: "This address is asked in another way; /api/v1/docs says how.",
}
#: For the documentation: what each status means.
_MEANINGS: Final[Mapping[int, str]] = {
    400: "The form is broken.",
    401: "There is no key, or it is not valid; only where there are accounts.",
    403: "A page of another site had this sent, or the key has not this right.",
    404: "It is not there, or not any more.",
    408: "The upload took too long.",
    413: "The request, or a picture, is too large, or has too many pictures.",
    415: "The body is no form.",
    422: "A field, or a picture, is not usable.",
    429: "Too many requests; come back after the seconds of Retry-After.",
    503: "The networks or the database cannot be used now.",
}


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:  # as FastAPI's
    """Refusals of a route, for the documentation."""
    schema = Problem.model_json_schema()
    return {
        status: {
            "description": _MEANINGS[status],
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status in statuses
    }


def handle_problems(app: FastAPI) -> None:
    """Let every error of `app` be answered as a problem."""
    app.add_exception_handler(HTTPException, _on_refusal)
    app.add_exception_handler(RequestValidationError, _on_bad_field)
    app.add_exception_handler(CifakeError, _on_mendable)
    app.add_exception_handler(MemoryError, _on_too_little_memory)
    app.add_exception_handler(Exception, _on_fault)


def problem_response(
    status: int, sentence: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """The answer with one sentence."""
    title = HTTPStatus(status).phrase
    problem = Problem(title=title, status=status, detail=sentence)
    return JSONResponse(problem.model_dump(), status, headers, media_type=MEDIA_TYPE)


async def _on_refusal(_request: Request, error: Exception) -> JSONResponse:
    """A refusal by status: by the gate, or by the framework."""
    if not isinstance(error, HTTPException):
        raise error
    sentence = _SENTENCES.get(error.status_code, str(error.detail))
    return problem_response(error.status_code, sentence, error.headers)


async def _on_bad_field(_request: Request, error: Exception) -> JSONResponse:
    """Fields that are missing or not what they may be, each named."""
    if not isinstance(error, RequestValidationError):
        raise error
    faults = [  # a place is "body", the field, and perhaps a number in it
        f"`{fault['loc'][:2][-1]}`: {fault['msg'].rstrip('.')}"
        for fault in error.errors()
    ]
    return problem_response(422, f"The request is not usable. {'; '.join(faults)}.")


async def _on_mendable(_request: Request, error: Exception) -> JSONResponse:
    """What a person can mend, in the words of the page."""
    if isinstance(error, PictureTooLargeError):
        return problem_response(413, str(error))
    if isinstance(error, GoneError | JobMissingError):
        return problem_response(404, str(error))
    return problem_response(503 if isinstance(error, _UNAVAILABLE) else 422, str(error))


async def _on_too_little_memory(_request: Request, _error: Exception) -> JSONResponse:
    """A picture that does not fit now."""
    return problem_response(503, "There is too little memory now. Try again later.")


async def _on_fault(_request: Request, _error: Exception) -> JSONResponse:
    """What nobody foresaw; the server's log has it."""
    return problem_response(500, "The server failed; its log says where. Try again.")
