"""Address of the page *Batch*: which job is open, and how its results are shown."""

from dataclasses import dataclass
from typing import Final

from cifake_core.basics.errors import JobError
from cifake_core.jobs.queue.records import QueuedJob
from cifake_core.jobs.results import ORDERS, OUTCOMES, Order, Outcome
from cifake_core.ui.browse import views
from cifake_core.ui.browse.address import fault, whole
from cifake_core.ui.services.jobs import queue

PAGE: Final = "batch"
_MAX_PAGE: Final = 1_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """How results are shown: of which outcome, None for all; in which order; the page.

    The first page is 1.
    """

    outcome: Outcome | None = None
    order: Order = "given"
    page: int = 1


def opened() -> tuple[QueuedJob | None, tuple[str, ...]]:
    """Job that the address opens, and a sentence if there is none of that id."""
    query = views.query(PAGE)
    if query:
        views.remember(PAGE)
    job = query.get("job")
    if job is None:
        return None, ()
    try:
        return queue().get(job), ()
    except JobError:
        expected = "the id of a job that was not deleted"
        return None, (fault("job", job, expected=expected),)


def shown() -> tuple[Shown, tuple[str, ...]]:
    """How the address shows results, and a sentence for each bad value in it."""
    query, faults = views.query(PAGE), []
    outcome = next((each for each in OUTCOMES if each == query.get("show")), None)
    if "show" in query and outcome is None:
        expected = f"one of: {', '.join(OUTCOMES)}"
        faults.append(fault("show", query["show"], expected=expected))
    order = next((o for o in ORDERS if o == query.get("order", "given")), None)
    if order is None:
        expected = f"one of: {', '.join(ORDERS)}"
        faults.append(fault("order", query["order"], expected=expected))
    page = whole(query.get("page", "1"), least=1, most=_MAX_PAGE)
    if page is None:
        faults.append(fault("page", query["page"], expected="a number from 1"))
    return Shown(outcome=outcome, order=order or "given", page=page or 1), tuple(faults)


def open_job(job: str | None) -> None:
    """Open a job, or none, from its first result on."""
    views.put(PAGE, job=job, scan=None, show=None, order=None, page=None)


def open_scan(run: str) -> None:
    """Open the run of a scan by the path of its folder."""
    views.put(PAGE, job=None, scan=run, show=None, order=None, page=None)


def show(**values: str | None) -> None:
    """Show the first page of results in another way."""
    views.put(PAGE, page=None, **values)


def turn(page: int) -> None:
    """Show another page of results."""
    views.put(PAGE, page=str(page) if page > 1 else None)
