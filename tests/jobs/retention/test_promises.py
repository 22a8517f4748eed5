"""Promises of retention: each is kept, on every kind of database, and no more than it.

For each promise of the table old and young things are made; one sweep, and the old are
gone from database, folders and memory, while the young are still there.
"""

import os
import re
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import select, update

from cifake_core.accounts.audit import Audit, note
from cifake_core.accounts.settings import VARIABLE
from cifake_core.accounts.store import Store
from cifake_core.accounts.tables import AttemptRow, LinkRow, SessionRow, UserRow
from cifake_core.basics.database import reading, writing
from cifake_core.basics.places import DATABASE_FILE
from cifake_core.cases.casework import Cases
from cifake_core.cases.filters import HistoryFilter
from cifake_core.cases.tables import PictureRow, RecordRow, WordRow
from cifake_core.data.datasets import index, library
from cifake_core.jobs.queue.intake import folder_of
from cifake_core.jobs.queue.queue import JobQueue
from cifake_core.jobs.queue.tables import ItemRow, JobRow
from cifake_core.jobs.retention.promises import PROMISES, Promise
from cifake_core.jobs.retention.settings import Retention, write_retention
from cifake_core.jobs.retention.sweeping import sweep
from cifake_core.workbench import Workbench, answer_cache, in_use
from tests.accounts.conftest import ADMIN, ROOT, Clock, added
from tests.jobs.made_sources import jpeg_of
from tests.jobs.queue.made_queue import files
from tests.made_datasets import add_set
from tests.made_history import everything, made_record, numbers_of, switched_on

#: Days that are chosen for everything that has a setting.
DAYS = 10
#: In the names of what must be gone, and of what must not.
OLD, YOUNG = "zebraquagga", "okapigiraffe"

Left = Callable[[], set[str]]


def ago(**time_: float) -> datetime:
    """The moment so long before now."""
    return datetime.now(UTC) - timedelta(**time_)


def made_records(user_data: Path) -> dict[str, int]:
    """Number of a record that is older than the days, and of one that is not."""
    history = switched_on(user_data)
    numbers = {}
    for name, days in ((OLD, DAYS + 1), (YOUNG, DAYS - 1)):
        new = replace(made_record(name=f"{name}.png"), moment=ago(days=days))
        (numbers[name],) = history.keep([new])
    return numbers


def records(user_data: Path, tmp_path: Path, _patch) -> Left:
    """Records, with what they are found by; one in a case is no old one."""
    del tmp_path
    numbers = made_records(user_data)
    history = switched_on(user_data)
    kept = replace(made_record(name=f"case {YOUNG}"), moment=ago(days=DAYS + 5))
    (inside,) = history.keep([kept])
    cases = Cases(user_data)
    cases.add(cases.create("Harbour").id, [inside])

    def left() -> set[str]:
        assert inside in numbers_of(history, HistoryFilter())
        with reading(user_data) as session:
            words = {*session.scalars(select(WordRow.word))}
            pictures = {*session.scalars(select(PictureRow.record_id))}
        names = {each.name.partition(".")[0] for each in everything(history)}
        assert pictures == {each.id for each in everything(history)}
        assert (numbers[OLD] in pictures) == (OLD in words) == (OLD in names)
        return {OLD, YOUNG} & names

    return left


def pictures(user_data: Path, tmp_path: Path, _patch) -> Left:
    """Pictures go, the verdicts stay."""
    del tmp_path
    numbers = made_records(user_data)

    def left() -> set[str]:
        with reading(user_data) as session:
            there = {*session.scalars(select(PictureRow.record_id))}
            assert {*session.scalars(select(RecordRow.id))} == {*numbers.values()}
        return {name for name, number in numbers.items() if number in there}

    return left


def binned(user_data: Path, tmp_path: Path, _patch) -> Left:
    """What is in the bin, by the moment at which it was put there."""
    del tmp_path
    history = switched_on(user_data)
    numbers = {}
    for name, days in ((OLD, DAYS + 1), (YOUNG, DAYS - 1)):
        new = replace(made_record(name=name), moment=datetime.now(UTC))
        (numbers[name],) = history.keep([new])
        history.bin.put([numbers[name]])
        row = update(RecordRow).where(RecordRow.id == numbers[name])
        with writing(user_data) as session:
            session.execute(row.values(binned_at=ago(days=days)))
    return lambda: {each.name for each in everything(history)}


def jobs(user_data: Path, tmp_path: Path, _patch) -> Left:
    """Jobs that have ended, with uploads and items; one at work is no old one."""
    del tmp_path
    queue, ids = JobQueue(user_data), dict[str, str]()
    for name, days, state in (
        (OLD, DAYS + 1, "done"),
        (YOUNG, DAYS - 1, "done"),
        ("at work", DAYS + 1, "queued"),
    ):
        ids[name] = job(queue, user_data, name, created=ago(days=days), state=state)

    def left() -> set[str]:
        found = jobs_left(user_data, ids)
        assert "at work" in found
        return found - {"at work"}

    return left


def removed_jobs(user_data: Path, tmp_path: Path, _patch) -> Left:
    """Jobs that were removed, by the hours since."""
    del tmp_path
    queue = JobQueue(user_data)
    ids = {
        name: job(queue, user_data, name, state="done", removed_at=ago(minutes=minutes))
        for name, minutes in ((OLD, 61), (YOUNG, 59))
    }
    return lambda: jobs_left(user_data, ids)


def job(queue: JobQueue, user_data: Path, name: str, **columns: object) -> str:
    """Id of a job on an upload, with an item and these columns."""
    number = queue.add_files(files((f"{name}.jpg", jpeg_of(1)))).id
    for path in (
        folder_of(user_data, number),
        *folder_of(user_data, number).rglob("*"),
    ):
        os.utime(path, (0, 0))  # the job alone says how old it is
    with writing(user_data) as session:
        session.execute(update(JobRow).where(JobRow.id == number).values(**columns))
        session.add(
            ItemRow(
                job_id=number,
                number=0,
                path=name,
                source_key=b"0",
                fault="",
                is_done=False,
            )
        )
    return number


def jobs_left(user_data: Path, ids: dict[str, str]) -> set[str]:
    """Names of the jobs that are there, in rows, items and folders alike."""
    with reading(user_data) as session:
        rows = {*session.scalars(select(JobRow.id))}
        items = {*session.scalars(select(ItemRow.job_id))}
    folders = {each for each in ids.values() if folder_of(user_data, each).exists()}
    assert rows == items == folders
    return {name for name, number in ids.items() if number in rows}


def forgotten(user_data: Path, tmp_path: Path, _patch) -> Left:
    """Data sets that were forgotten, by the moment at which they were."""
    root = user_data / library.FOLDER
    for name, days in ((OLD, DAYS + 1), (YOUNG, DAYS - 1)):
        add_set(user_data, tmp_path / name, name)
        library.remove(name, root)
        aside, then = index.aside(name, root), ago(days=days).timestamp()
        assert time.time() - aside.stat().st_mtime < 60
        os.utime(aside, (then, then))
    return lambda: {name for name in (OLD, YOUNG) if index.aside(name, root).exists()}


def uploads(user_data: Path, tmp_path: Path, _patch) -> Left:
    """Zips that are of no data set; that of one stays, however old."""
    place = Workbench(tmp_path, user_data=user_data).datasets.uploads
    place.mkdir()
    for name, hours in ((OLD, 25), (YOUNG, 23)):
        file, then = place / f"{name}.zip", ago(hours=hours).timestamp()
        file.write_bytes(b"a zip")
        os.utime(file, (then, then))
    add_set(user_data, tmp_path / "set", "mine")
    kept = place / "mine.zip"
    with ZipFile(kept, "w") as archive:
        for path in (tmp_path / "set").rglob("*.jpg"):
            archive.write(path, path.relative_to(tmp_path / "set"))
    library.remove("mine", user_data / library.FOLDER)
    library.add("mine", kept, root=user_data / library.FOLDER, cifake=None)
    os.utime(kept, (0, 0))

    def left() -> set[str]:
        assert kept.exists()
        return {each.stem for each in place.iterdir()} - {"mine"}

    return left


def memory(user_data: Path, tmp_path: Path, patch: pytest.MonkeyPatch) -> Left:
    """Answers in this process, by the moment at which they were last asked for."""
    bench, _ = in_use.workbench_in_use(tmp_path, user_data)
    now = time.monotonic()
    cache = bench._answers  # noqa: SLF001 - what is in memory has no other door
    for name, hours in ((YOUNG, 25), (OLD, 25), (YOUNG, 23)):
        patch.setattr(answer_cache.time, "monotonic", lambda at=now - 3600 * hours: at)
        cache.answer(name, lambda _: "seen")
    patch.undo()

    def left() -> set[str]:
        found = set()
        for name in (OLD, YOUNG):
            asked = list[str]()
            cache.answer(name, lambda _, to=asked: to.append("anew"))
            if not asked:
                found.add(name)
        return found

    return left


def sessions(user_data: Path, tmp_path: Path, _patch) -> Left:
    """Sessions, links and failed log-ins, each by its own time."""
    del tmp_path
    store = Store(user_data)
    added(store, ADMIN, "administrator")
    with store.writing() as session:  # whose own doors would delete the old at once
        (user,) = session.scalars(select(UserRow.id))
        for name, last, seen in (
            (f"{OLD} ended", ago(minutes=1), ago(hours=1)),
            (f"{OLD} idle", ago(days=-9), ago(days=2, minutes=1)),
            (YOUNG, ago(minutes=-1), ago(days=1, hours=23)),
        ):
            session.add(
                SessionRow(
                    user_id=user,
                    token_hash=name,
                    source=name,
                    created=seen,
                    last_seen=seen,
                    expires=last,
                )
            )
        for name, hours in ((OLD, 25), (YOUNG, 23)):
            then = ago(hours=hours)
            until = then + timedelta(days=1)
            session.add(
                LinkRow(
                    token_hash=name,
                    kind="reset",
                    email=name,
                    role="",
                    created=then,
                    expires=until,
                )
            )
            session.add(AttemptRow(subject=name, num=1, last=then, not_before=then))

    def left() -> set[str]:
        with reading(user_data) as session:
            found = (
                {
                    each.split()[0]
                    for each in session.scalars(select(SessionRow.source))
                },
                {*session.scalars(select(LinkRow.email))},
                {*session.scalars(select(AttemptRow.subject))},
            )
        assert found[0] == found[1] == found[2]
        return found[0]

    return left


def audit(user_data: Path, tmp_path: Path, _patch) -> Left:
    """Lines of the audit, which still holds afterwards."""
    del tmp_path
    for name, days in ((OLD, DAYS + 2), (YOUNG, DAYS - 1)):
        store = Store(user_data, Clock(ago(days=days)))
        with store.writing() as session:
            note(session, now=store.now(), who=ROOT, action="test", subject=name)

    def left() -> set[str]:
        Audit(Store(user_data)).verify()
        return {each.subject for each in Audit(Store(user_data)).lines()} & {OLD, YOUNG}

    return left


#: What makes the things of each promise; a promise without a line fails.
MADE: dict[str, Callable[[Path, Path, pytest.MonkeyPatch], Left]] = {
    "records": records,
    "pictures": pictures,
    "bin": binned,
    "jobs": jobs,
    "removed jobs": removed_jobs,
    "forgotten data sets": forgotten,
    "uploads": uploads,
    "memory": memory,
    "sessions": sessions,
    "audit": audit,
}


@pytest.mark.parametrize("promise", PROMISES, ids=lambda each: each.name)
def test_what_is_promised_is_done(
    promise: Promise, database, user_data, tmp_path, monkeypatch
):
    """The old is gone after one sweep, the young is there, and both were before."""
    monkeypatch.setenv(VARIABLE, "local")
    with pytest.MonkeyPatch.context() as patch:
        left = MADE[promise.name](user_data, tmp_path, patch)
    if promise.name != "memory":  # which a look makes young
        assert left() == {OLD, YOUNG}
    if promise.setting:
        assert promise.forever == promise.sentence(Retention())
        assert sweep(user_data).gone.get(promise.name, 0) == 0  # no days are chosen
        chosen = Retention(**{promise.setting: DAYS})
        write_retention(chosen, user_data, by=ROOT)
        assert f"{DAYS} days" in promise.sentence(chosen)

    swept = sweep(user_data)

    assert swept.faults == ()
    assert swept.gone[promise.name] >= 1
    assert left() == {YOUNG}
    if database == "sqlite" and promise.name not in ("pictures", "memory"):
        held = b"".join(each.read_bytes() for each in user_data.glob("cifake.db*"))
        assert OLD.encode() not in held
    assert sum(sweep(user_data).gone.values()) == 0


@pytest.mark.parametrize(
    ("name", "period"), [("removed jobs", "1 hour"), ("uploads", "1 day")]
)
def test_fixed_periods_are_said(name: str, period: str):
    """In the sentence that the sweep keeps to."""
    (promise,) = (each for each in PROMISES if each.name == name)
    assert period in promise.sentence(Retention())
    assert not re.search("[{}]", promise.sentence(Retention()))


def test_every_setting_is_promised():
    """No field is read by nothing, and each sentence has its days."""
    used = {each.setting for each in PROMISES if each.setting}
    assert used == asdict(Retention()).keys()
    assert MADE.keys() == {each.name for each in PROMISES}


def test_one_that_cannot_be_kept_does_not_keep_the_others(user_data, monkeypatch):
    """It is told, and the rest goes."""
    monkeypatch.delenv(VARIABLE, raising=False)
    made_records(user_data)
    damaged = user_data / library.FOLDER / "mine"
    damaged.mkdir(parents=True)
    (damaged / index.CARD_FILE).write_text("no card")
    write_retention(Retention(records=DAYS), user_data, by=ROOT)

    swept = sweep(user_data)

    assert swept.gone["records"] == 1
    assert [each.startswith("Of uploads nothing goes now: ") for each in swept.faults]
    assert "sessions" not in swept.gone  # there are no accounts


def test_it_is_noted_where_there_are_accounts(user_data, monkeypatch):
    """Who chose which days, and what went by itself; nothing about nothing."""
    monkeypatch.setenv(VARIABLE, "local")
    added(Store(user_data), ADMIN, "administrator")
    made_records(user_data)
    write_retention(Retention(records=DAYS, bin=3), user_data, by=ROOT)
    for _ in range(2):
        sweep(user_data)

    lines = [
        (each.who, each.action, each.subject, each.result)
        for each in Audit(Store(user_data)).lines()
    ]
    assert lines[-3:] == [
        ("root", "policy.retention", "records", "until it is deleted -> 10 days"),
        ("root", "policy.retention", "bin", "until it is deleted -> 3 days"),
        ("retention", "retention", "", "records: 1"),
    ]


def test_nothing_is_made_by_looking(user_data):
    """No database, and no folder."""
    sweep(user_data)

    assert not (user_data / DATABASE_FILE).exists()
    assert [*user_data.iterdir()] == []
