"""`/history`: the records of verdicts, filtered as on the page, and their bin."""

from datetime import date
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from cifake_core.api.guard import User
from cifake_core.api.problems import documented
from cifake_core.api.records import HistoryList, HistoryRow
from cifake_core.api.state import State
from cifake_core.api.uploads import BoundedRoute
from cifake_core.basics.labels import Decision, Label
from cifake_core.cases.filters import MAX_SEARCH, HistoryFilter
from cifake_core.cases.records import PAGE, Opinion, read_cursor
from cifake_core.cases.rows import record_json
from cifake_core.cases.texts import MAX_FILE_NAME, MAX_NAME
from cifake_core.workbench.history import HistoryBench

router = APIRouter(route_class=BoundedRoute)

_MAX_NUMBER: Final = 2**31 - 1
#: Records of one answer, at most.
_MOST: Final = 500
_RECORD: Final = "/history/{record}"

Number = Annotated[int, Path(ge=1, le=_MAX_NUMBER, description="Of the record.")]


class Asked(BaseModel):
    """The filter, as in the address of the page *History*, and where to go on."""

    model_config = ConfigDict(extra="forbid")

    decision: Decision | None = None
    network: str | None = Field(
        None, max_length=MAX_NAME, description="Of `label`; without it, any network."
    )
    label: Label | None = None
    finding: Opinion | Literal["none"] | None = None
    since: date | None = Field(None, description="The first day, in UTC.")
    until: date | None = Field(None, description="The last day, in UTC.")
    tag: str | None = Field(None, max_length=MAX_NAME)
    case: str | None = Field(None, max_length=MAX_NAME, description="Its name.")
    name: str | None = Field(
        None, max_length=MAX_FILE_NAME, description="Of the file, letter by letter."
    )
    hash: str | None = Field(
        None,
        pattern="^[0-9a-f]{6,64}$",
        description="Beginning of a SHA-256, of the file or of the pixels.",
    )
    text: str = Field(
        "", max_length=MAX_SEARCH, description="Words in name, note or tags."
    )
    in_bin: bool = Field(
        default=False, description="What lies in the bin, else the others."
    )
    after: str | None = Field(None, description="`following` of the answer before.")
    limit: int = Field(PAGE, ge=1, le=_MOST)

    @property
    def wanted(self) -> HistoryFilter:
        """The filter.

        Raises:
            SettingError: If the days are not in order.
        """
        return HistoryFilter(**self.model_dump(exclude={"after", "limit"}))


@router.get(
    "/history",
    summary="List records of verdicts",
    responses={200: {"model": HistoryList}, **documented(422, 429, 503)},
)
def records(state: State, user: User, asked: Annotated[Asked, Query()]) -> JSONResponse:
    """The newest records that a filter lets through, and how many there are in all.

    `on` says whether verdicts are kept now; `at_least` is true where so many match that
    `total` is not their exact number. `following` is absent on the last page.
    """
    wanted = asked.wanted
    after = None if asked.after is None else read_cursor(asked.after)
    history = _history(state, user)
    page = history.page(wanted, after=after, limit=asked.limit)
    counts = history.counts(wanted)
    answer: dict[str, Any] = {
        "on": history.settings().on,
        "total": counts.total,
        "at_least": counts.capped,
        "records": [record_json(each) for each in page.records],
    }
    if page.following is not None:
        answer["following"] = str(page.following)
    return JSONResponse(answer)


@router.get(
    _RECORD,
    summary="Give one record",
    responses={200: {"model": HistoryRow}, **documented(404, 422, 429, 503)},
)
def record(state: State, user: User, record: Number) -> JSONResponse:
    """The verdict as it was given then, and what an analyst put beside it."""
    return _answer(state, user, record)


@router.delete(
    _RECORD,
    summary="Put a record into the bin",
    responses={200: {"model": HistoryRow}, **documented(403, 404, 422, 429, 503)},
)
def put_in_bin(state: State, user: User, record: Number) -> JSONResponse:
    """The record, with the moment since which it lies there.

    Nothing of it is lost until somebody empties the bin on the page *History*.
    """
    _history(state, user).bin.put([record])
    return _answer(state, user, record)


@router.post(
    f"{_RECORD}/restore",
    summary="Take a record out of the bin",
    responses={200: {"model": HistoryRow}, **documented(403, 404, 422, 429, 503)},
)
def restore(state: State, user: User, record: Number) -> JSONResponse:
    """The record, with all that it had."""
    _history(state, user).bin.restore([record])
    return _answer(state, user, record)


def _answer(state: State, user: User, number: int) -> JSONResponse:
    """One record."""
    return JSONResponse(record_json(_history(state, user).get(number)))


def _history(state: State, user: User) -> HistoryBench:
    """The history of who asks."""
    return state.open_bench()[0].history.of(user)
