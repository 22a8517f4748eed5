"""Queued jobs on SQLite, PostgreSQL and MariaDB: done once, paused, ended, removed."""

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from pyarrow import parquet
from sqlalchemy import func, select, update

from cifake_core.basics.database import reading, writing
from cifake_core.basics.errors import InvalidImageError, JobError
from cifake_core.jobs.judging import BATCH
from cifake_core.jobs.queue import intake, lease
from cifake_core.jobs.queue.lease import LeaseLostError, claim
from cifake_core.jobs.queue.queue import JobQueue
from cifake_core.jobs.queue.records import JobMissingError, made_with_version
from cifake_core.jobs.queue.results import OUTCOMES, JobResults
from cifake_core.jobs.queue.tables import ItemRow, JobRow
from cifake_core.jobs.sources.protocol import Item
from cifake_core.pictures.preprocessing import prepare
from cifake_core.pictures.reading import read_picture
from cifake_core.workbench import Workbench
from tests.jobs.made_sources import NO_PICTURE, jpeg_of, put_folder, put_zip
from tests.jobs.queue.made_queue import done, files, paths, worker

pytestmark = pytest.mark.usefixtures("database")


def untimed(rows):
    """Rows without how long they took."""
    return [{k: v for k, v in row.items() if k != "milliseconds"} for row in rows]


def pages(user_data, job, **asked):
    """All results in the way that is asked for."""
    asked = {"outcome": None, "order": "given", "first": 0, "most": 100} | asked
    return JobResults(user_data, job).page(**asked)


def exported(user_data, job, folder):
    """All rows of a job, as JSON Lines has them."""
    path = folder / "all.jsonl"
    JobResults(user_data, job).export(path)
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_uploaded_files_become_rows_as_predict_has_them(user_data, made, tmp_path):
    """In their order, each by the name it came with; a bad file has its sentence."""
    pairs = [("a.jpg", jpeg_of(1)), ("b.txt", b"no"), ("../c.jpg", jpeg_of(2))]

    job = done(user_data, made, pairs)

    assert (job.state, job.total, job.done, job.errors) == ("done", 3, 3, 1)
    assert (job.name, job.share, job.seconds_left) == ("a.jpg and 2 more", 1.0, 0.0)
    first, bad, third = pages(user_data, job)
    rows = exported(user_data, job, tmp_path)
    assert [row for row in rows if "error" in row] == [
        {"path": "b.txt", "error": bad.error}
    ]
    assert NO_PICTURE in bad.error
    bench = Workbench(made, user_data=user_data)
    for result, data, path in (
        (first, jpeg_of(1), "a.jpg"),
        (third, jpeg_of(2), "../c.jpg"),
    ):
        pixels = read_picture(data).pixels
        verdict = bench.judge(pixels)
        expected = [{"path": path, **verdict.to_json(n)} for n in verdict.predictions]
        own = [row for row in rows if row["path"] == path]
        assert [list(row) for row in own] == [list(row) for row in expected]
        for row, other in zip(untimed(own), untimed(expected), strict=True):
            assert row.pop("p_real") == pytest.approx(other.pop("p_real"), abs=1e-4)
            assert row.pop("p_fake") == pytest.approx(other.pop("p_fake"), abs=1e-4)
            row.pop("object_probability", None), other.pop("object_probability", None)
            assert row == other
        assert result.decision == verdict.decision
        np.testing.assert_array_equal(result.pixels, prepare(pixels).pixels)


def test_a_zip_is_read_in_place(user_data, made, tmp_path):
    """By the paths in it; what would leave it is a row with a sentence."""
    path = put_zip(tmp_path / "a.zip", {"x/1.jpg": jpeg_of(1), "../2.jpg": jpeg_of(2)})

    job = done(user_data, made, [("holiday.zip", path.read_bytes())])

    assert job.name == "holiday.zip"
    inside, outside = pages(user_data, job)
    assert (inside.path, inside.error) == ("x/1.jpg", None)
    assert "leads out of the zip" in outside.error
    assert JobResults(user_data, job).read(inside.number) == jpeg_of(1)
    with pytest.raises(InvalidImageError, match="leads out"):
        JobResults(user_data, job).read(outside.number)


def test_a_folder_of_this_machine_is_read_where_it_lies(user_data, made, tmp_path):
    """In batches, all of it; a file that went meanwhile is a row."""
    folder = put_folder(tmp_path / "p", good=BATCH + 3, bad=2)
    queue = JobQueue(user_data)
    job = queue.add_place(f"  {folder} ")

    assert worker(user_data, made).do_next()

    job = queue.get(job.id)
    assert (job.state, job.total, job.errors) == ("done", BATCH + 5, 2)
    assert paths(user_data, job) == sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*.jpg")
    )
    assert not (user_data / intake.FOLDER / job.id).exists()


@pytest.mark.parametrize("place", ["", "/nowhere/at all", "\0", "s3:/x"])
def test_a_place_that_is_not_there_is_a_sentence(user_data, place):
    """At once, and nothing is queued."""
    with pytest.raises(JobError, match="There is nothing at"):
        JobQueue(user_data).add_place(place)

    assert JobQueue(user_data).listing(10) == []


def test_what_cannot_be_a_job_is_refused_and_leaves_nothing(user_data, tmp_path):
    """No files, an empty folder, an empty zip, a broken one."""
    queue = JobQueue(user_data)
    (tmp_path / "empty").mkdir()
    empty = put_zip(tmp_path / "e.zip", {}).read_bytes()

    for call, words in (
        (lambda: queue.add_files([]), "There are no files"),
        (lambda: queue.add_place(str(tmp_path / "empty")), "holds no files"),
        (lambda: queue.add_files(files(("e.zip", empty))), "e.zip holds no files"),
        (lambda: queue.add_files(files(("b.zip", b"PK"))), "b.zip is no whole zip"),
    ):
        with pytest.raises(JobError, match=words):
            call()

    assert queue.listing(10) == []
    assert [*(user_data / intake.FOLDER).glob("*/")] == []


def test_results_are_sorted_filtered_and_counted(user_data, made):
    """By decision, by doubt either way; bad files stand last."""
    pairs = [(f"{n}.jpg", jpeg_of(n) if n % 4 else b"no") for n in range(12)]
    job = done(user_data, made, pairs)
    results = JobResults(user_data, job)

    counts = results.counts()

    assert list(counts) == list(OUTCOMES)
    assert sum(counts.values()) == 12
    assert counts["error"] == 3
    ranks = [
        OUTCOMES.index(r.decision or "error")
        for r in pages(user_data, job, order="decision")
    ]
    assert ranks == sorted(ranks)
    doubts = [r.doubt for r in pages(user_data, job, order="doubt")]
    assert doubts[-3:] == [None] * 3
    assert doubts[:-3] == sorted(doubts[:-3], reverse=True)
    sure = [r.doubt for r in pages(user_data, job, order="sure")]
    assert sure[:-3] == sorted(doubts[:-3])
    for outcome, number in counts.items():
        found = pages(user_data, job, outcome=outcome)
        assert len(found) == number
        assert {r.decision or "error" for r in found} <= {outcome}
    assert [r.path for r in pages(user_data, job, first=4, most=2)] == [
        "4.jpg",
        "5.jpg",
    ]
    assert results.get(4).path == "4.jpg"
    with pytest.raises(JobMissingError):
        results.get(12)


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_results_are_exported(user_data, made, tmp_path, ending):
    """All rows in the items' order; no cell of the CSV is a formula."""
    job = done(user_data, made, [("=1+1.jpg", jpeg_of(1)), ("b.jpg", b"no")])
    path = tmp_path / f"rows.{ending}"

    JobResults(user_data, job).export(path)

    expected = exported(user_data, job, tmp_path)
    if ending == "jsonl":
        *judged, bad = [json.loads(line) for line in path.read_text().splitlines()]
        assert {row["path"] for row in judged} == {"=1+1.jpg"}
        assert (bad["path"], list(bad)) == ("b.jpg", ["path", "error"])
    elif ending == "parquet":
        found = parquet.read_table(path).to_pylist()
        assert [{k: v for k, v in row.items() if v is not None} for row in found] == [
            {k: row[k] for k in found[0] if k in row} for row in expected
        ]
    else:
        text = path.read_text("utf-8")
        assert "\n'=1+1.jpg," in text
        assert text.count("b.jpg,") == 1


def test_a_job_is_paused_and_goes_on(user_data, made):
    """What was judged meanwhile is kept; nothing is done twice."""
    queue = JobQueue(user_data)
    job = queue.add_files(files(*((f"{n}.jpg", jpeg_of(n)) for n in range(3))))
    held = claim(user_data, "one")
    held.add_items([Item(path=f"{n}.jpg", key=str(n)) for n in range(3)], are_last=True)

    assert queue.pause(job.id).state == "paused"

    with pytest.raises(LeaseLostError):
        held.renew()
    assert claim(user_data, "two") is None
    held.end()
    assert queue.get(job.id).state == "paused"
    assert not worker(user_data, made).do_next()
    assert queue.resume(job.id).state == "queued"
    assert worker(user_data, made).do_next()
    assert queue.get(job.id).state == "done"
    assert paths(user_data, job) == ["0.jpg", "1.jpg", "2.jpg"]


def test_a_pause_in_the_midst_of_a_batch_keeps_it(user_data, made, monkeypatch):
    """And the worker stops; cancelled, it throws the batch away and goes on later."""
    queue = JobQueue(user_data)
    number = 2 * BATCH + 1
    job = queue.add_files(files(*((f"{n}.jpg", jpeg_of(n % 5)) for n in range(number))))
    keep = lease.Lease.keep

    def interrupt(ask):
        def keep_then(self, judged, *, seconds):
            ask(job.id)
            keep(self, judged, seconds=seconds)

        return keep_then

    monkeypatch.setattr(lease.Lease, "keep", interrupt(queue.pause))
    assert worker(user_data, made).do_next()
    paused = queue.get(job.id)
    queue.resume(job.id)
    monkeypatch.setattr(lease.Lease, "keep", interrupt(queue.cancel))
    assert worker(user_data, made).do_next()
    cancelled = queue.get(job.id)
    queue.resume(job.id)
    monkeypatch.setattr(lease.Lease, "keep", keep)
    assert worker(user_data, made).do_next()

    assert (paused.state, paused.done) == ("paused", BATCH)
    assert (cancelled.state, cancelled.done) == ("cancelled", BATCH)
    assert (queue.get(job.id).state, queue.get(job.id).done) == ("done", number)
    assert len(paths(user_data, job)) == number


def test_a_dead_workers_job_is_taken_up_once_its_lease_ran_out(user_data, made):
    """Not before; the dead one's results would not count any more."""
    queue = JobQueue(user_data)
    job = queue.add_files(files(("a.jpg", jpeg_of(1))))
    dead = claim(user_data, "dead")

    assert not worker(user_data, made).do_next()
    assert not lease.is_work_waiting(user_data)
    with writing(user_data) as session:
        session.execute(
            update(JobRow).values(lease_until=datetime.now(UTC) - timedelta(seconds=1))
        )
    assert lease.is_work_waiting(user_data)
    assert worker(user_data, made).do_next()

    with pytest.raises(LeaseLostError):
        dead.add_items([Item(path="b.jpg", key="1")], are_last=True)
    dead.end("too late")
    assert queue.get(job.id).state == "done"
    assert paths(user_data, job) == ["a.jpg"]


def test_a_listing_that_was_cut_off_is_made_anew(user_data, made):
    """No item is there twice."""
    queue = JobQueue(user_data)
    job = queue.add_files(files(*((f"{n}.jpg", jpeg_of(n)) for n in range(3))))
    held = claim(user_data, "one")
    held.add_items([Item(path="0.jpg", key="0")], are_last=False)
    assert queue.get(job.id).seconds_left is None
    held.end()

    assert worker(user_data, made).do_next()

    assert paths(user_data, job) == ["0.jpg", "1.jpg", "2.jpg"]


def test_a_job_goes_on_by_the_networks_it_was_begun_with(user_data, made, remake):
    """With others under the same version it fails, and says what to do."""
    queue = JobQueue(user_data)
    job = queue.add_files(files(("a.jpg", jpeg_of(1))))
    held = claim(user_data, "one")
    held.begin(made_with_version(1, made))
    held.end()
    changed = remake("policy.json")

    assert worker(user_data, changed).do_next()

    failed = queue.get(job.id)
    assert failed.state == "failed"
    assert "not those that the job was begun with" in failed.sentence
    queue.resume(job.id)
    assert worker(user_data, made).do_next()
    assert queue.get(job.id).state == "done"


def test_a_source_that_went_fails_the_job(user_data, made, tmp_path):
    """With its sentence; the others of the queue are done."""
    queue = JobQueue(user_data)
    folder = put_folder(tmp_path / "p", good=1, bad=0)
    job = queue.add_place(str(folder))
    second = queue.add_files(files(("a.jpg", jpeg_of(1))))
    folder.rename(tmp_path / "moved")
    works = worker(user_data, made)

    while works.do_next():
        pass

    assert queue.get(second.id).state == "done"
    gone = queue.get(job.id)
    assert (gone.state, gone.errors) in {("failed", 0), ("done", 1)}


def test_jobs_of_another_folder_are_left_alone(user_data, made, tmp_path):
    """On a server that several machines share each does what lies with it."""
    queue = JobQueue(user_data)
    job = queue.add_files(files(("a.jpg", jpeg_of(1))))
    other = tmp_path / "another"

    assert not worker(other, made).do_next()
    assert JobQueue(other).listing(10) == []
    assert worker(user_data, made).do_next()
    assert queue.get(job.id).state == "done"


def test_a_job_is_removed_brought_back_and_purged(user_data, made):
    """With all it had, until it is gone for good: rows and files."""
    job = done(user_data, made, [("a.jpg", jpeg_of(1))])
    queue = JobQueue(user_data)

    queue.remove(job.id)

    assert queue.listing(10) == []
    with pytest.raises(JobMissingError):
        queue.get(job.id)
    assert queue.purge() == 0
    assert queue.restore(job.id).state == "done"
    assert paths(user_data, job) == ["a.jpg"]
    queue.remove(job.id)
    assert queue.purge(older=timedelta(0)) == 1
    with pytest.raises(JobMissingError):
        queue.restore(job.id)
    with reading(user_data) as session:
        assert session.scalar(select(func.count()).select_from(ItemRow)) == 0
    assert not intake.folder_of(user_data, job.id).exists()


def test_a_removed_job_is_not_done(user_data, made):
    """It is cancelled, also in the midst; brought back, it can go on."""
    queue = JobQueue(user_data)
    job = queue.add_files(files(("a.jpg", jpeg_of(1))))
    queue.remove(job.id)

    assert queue.num_at_work() == 0
    assert not worker(user_data, made).do_next()
    queue.restore(job.id)
    assert queue.get(job.id).state == "cancelled"
    queue.resume(job.id)
    assert queue.num_at_work() == 1
    assert worker(user_data, made).do_next()


@pytest.mark.parametrize(
    "job", ["", "0" * 16, "0" * 99, "\0", "ä", "../jobs", "\udc80"]
)
def test_a_job_that_is_not_there_is_a_sentence(user_data, job):
    """Whatever it is called, before there is a database and after."""
    queue = JobQueue(user_data)
    for _ in range(2):
        with pytest.raises(JobMissingError, match="There is no job"):
            queue.get(job)
        queue.add_files(files(("a.jpg", b"x")))
    for ask in (queue.pause, queue.resume, queue.cancel, queue.remove, queue.restore):
        with pytest.raises(JobMissingError):
            ask(job)


def test_jobs_are_listed_newest_first(user_data):
    """No more than are asked for."""
    queue = JobQueue(user_data)
    added = [queue.add_files(files((f"{n}.jpg", b"x"))).id for n in range(3)]

    assert [job.id for job in queue.listing(2)] == added[:0:-1]
