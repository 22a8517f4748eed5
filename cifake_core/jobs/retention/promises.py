"""Promises of retention: each with its sentence, its days, and what keeps it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from cifake_core.accounts import attempts
from cifake_core.accounts.audit import Audit
from cifake_core.accounts.expiry import expire
from cifake_core.accounts.links import LASTS as LINKS_LAST
from cifake_core.accounts.logins import IDLE, LASTS
from cifake_core.accounts.records import Who
from cifake_core.accounts.store import Store
from cifake_core.basics import database
from cifake_core.cases.expiry import expire_bin, expire_pictures, expire_records
from cifake_core.data.datasets.expiry import expire_forgotten, expire_uploads
from cifake_core.data.datasets.library import FOLDER
from cifake_core.jobs.queue.expiry import expire_jobs
from cifake_core.jobs.queue.queue import UNDO, JobQueue
from cifake_core.jobs.retention.settings import Retention, in_words
from cifake_core.workbench.datasets import UPLOADS
from cifake_core.workbench.in_use import forget_answers

#: Who the audit names for what goes by itself.
BY_ITSELF: Final = Who(name="retention", source="server", rights=frozenset())
#: Days that an answer stays in memory, and that an uploaded zip may wait.
_A_DAY: Final = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """What is said of one kind of thing, and what does it.

    Attributes:
        name: of the kind.
        until: sentence with `{days}`, the words for the days.
        keep: deletes what is older than so many days, and says how many went.
        setting: field of `Retention` with the days; "" where they are fixed.
        fixed: the days, where they are.
        forever: the sentence where the setting has no days.
        with_accounts: whether there is such a thing only where there are accounts.
    """

    name: str
    until: str
    keep: Callable[[Path, int], int]
    setting: str = ""
    fixed: int = 0
    forever: str = ""
    with_accounts: bool = False

    def days(self, retention: Retention) -> int | None:
        """For how many days it is kept; None is until somebody deletes it."""
        if not self.setting:
            return self.fixed
        days: int | None = getattr(retention, self.setting)
        return days

    def sentence(self, retention: Retention) -> str:
        """What is promised by these settings."""
        days = self.days(retention)
        return self.forever if days is None else self.until.format(days=in_words(days))

    def plain_sentence(self, retention: Retention) -> str:
        """The same where names of pages are not set apart."""
        return self.sentence(retention).replace("*", "")


def _forget_audit(user_data: Path, days: int) -> int:
    """Delete lines of the audit of whole days that are over for long enough.

    Deleting is a line, too: by the hour there would be no end of them.
    """
    if not database.exists(user_data):
        return 0
    store = Store(user_data)
    today = store.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return Audit(store).forget(today - timedelta(days=days), by=BY_ITSELF)


def _expire_accounts(user_data: Path, days: int) -> int:
    """Delete sessions, links and failed log-ins whose own time is over."""
    del days  # each has its own
    return expire(Store(user_data)) if database.exists(user_data) else 0


def _purge_jobs(user_data: Path, days: int) -> int:
    """Delete jobs that were removed and cannot be brought back."""
    del days  # hours
    return JobQueue(user_data).purge()


def _expire_forgotten(user_data: Path, days: int) -> int:
    """Delete data sets that were forgotten."""
    return expire_forgotten(user_data / FOLDER, days)


def _expire_uploads(user_data: Path, days: int) -> int:
    """Delete zips that are of no data set."""
    return expire_uploads(user_data / FOLDER, user_data / UPLOADS, days)


def _forget_answers(user_data: Path, days: int) -> int:
    """Forget what is in this process's memory."""
    del user_data
    return forget_answers(older=timedelta(days=days).total_seconds())


PROMISES: Final = (
    Promise(
        name="records",
        setting="records",
        until="Verdicts of *History* go {days} after they were given, with picture, "
        "notes and findings; what is in a case stays as long as it is in there.",
        forever="Verdicts of *History* stay until somebody deletes them.",
        keep=expire_records,
    ),
    Promise(
        name="pictures",
        setting="pictures",
        until="Pictures of *History*, and the files themselves where they are kept, go "
        "{days} after the verdict, which stays; those in a case stay in there.",
        forever="Pictures of *History* stay as long as their verdicts.",
        keep=expire_pictures,
    ),
    Promise(
        name="bin",
        setting="bin",
        until="What was put into the bin of *History* goes for good {days} later.",
        forever="What was put into the bin of *History* stays there until somebody "
        "deletes it for good.",
        keep=expire_bin,
    ),
    Promise(
        name="jobs",
        setting="jobs",
        until="Jobs of *Batch* and of programs go {days} after they were begun, with "
        "uploaded files and results, unless they are still at work.",
        forever="Jobs of *Batch* and of programs stay, with uploaded files and "
        "results, until somebody removes them.",
        keep=expire_jobs,
    ),
    Promise(
        name="removed jobs",
        until="A job that was removed can be brought back for "
        f"{UNDO.total_seconds() / 3600:.0f} hour, and then goes for good, with "
        "uploaded files and results.",
        keep=_purge_jobs,
    ),
    Promise(
        name="forgotten data sets",
        setting="bin",
        until="A data set that was forgotten goes for good {days} later, with the zip "
        "that it was uploaded as; files elsewhere on the server are not touched.",
        forever="A data set that was forgotten keeps the zip that it was uploaded as, "
        "until another of its name is forgotten.",
        keep=_expire_forgotten,
    ),
    Promise(
        name="uploads",
        fixed=_A_DAY,
        until="A zip that was uploaded as a data set, and is of none, goes after "
        "{days}.",
        keep=_expire_uploads,
    ),
    Promise(
        name="memory",
        fixed=_A_DAY,
        until="What the networks said of a picture is kept in this computer's memory, "
        "with the picture, until {days} after it was last asked for, or until the app "
        "ends.",
        keep=_forget_answers,
    ),
    Promise(
        name="sessions",
        until=f"Sessions go {LASTS.days} days after the log-in, or after {IDLE.days} "
        "days without use, with the address they came from; links that nobody used "
        f"after {max(LINKS_LAST.values()).days} days at most; failed log-ins after "
        f"{attempts.FORGET.days} day.",
        keep=_expire_accounts,
        with_accounts=True,
    ),
    Promise(
        name="audit",
        setting="audit",
        until="Lines of the audit, which name who did what from where, go {days} after "
        "the day on which they were written, counted in UTC.",
        forever="Lines of the audit, which name who did what from where, stay until an "
        "administrator deletes them.",
        keep=_forget_audit,
        with_accounts=True,
    ),
)
