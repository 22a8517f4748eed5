"""Batch: queued, watched, paused, sorted, opened, exported, deleted, brought back."""

import csv
import io
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cifake_core.basics.errors import InvalidImageError
from cifake_core.basics.places import user_data_folder
from cifake_core.jobs.engines.protocol import ShardEnd
from cifake_core.jobs.queue.lease import claim
from cifake_core.jobs.queue.queue import JobQueue
from cifake_core.jobs.queue.results import JobResults
from cifake_core.jobs.results import OUTCOMES
from cifake_core.jobs.scan.manifest import make_plan
from cifake_core.jobs.scan.results import ScanResults
from cifake_core.jobs.scan.running import run_scan
from cifake_core.jobs.scan.worker import ShardJudge
from cifake_core.jobs.sources.protocol import Item
from cifake_core.networks.pool import NetworkPool
from cifake_core.ui.pages.batch import results
from tests.jobs.made_sources import jpeg_of, put_folder
from tests.jobs.queue.made_queue import files, worker
from tests.ui.reading import OpenApp, alts, at, labels, opens, row_tables, texts

PAGE = "pages/batch.py"


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder with more results than a page has, some of them no pictures."""
    return put_folder(tmp_path / "p", good=26, bad=4)


def queue() -> JobQueue:
    """The app's queue."""
    return JobQueue(user_data_folder())


def button(app: AppTest, label: str):
    """The button with this label."""
    (found,) = (each for each in app.button if each.label == label)
    return found


def queue_path(app: AppTest, path: object) -> AppTest:
    """The page after somebody queued a path."""
    app.segmented_control(key="batch_way").set_value("path").run()
    app.text_input(key="batch_path_0").input(str(path)).run()
    button(app, "Judge them").click().run()
    assert not app.exception
    return app


def done(open_app: OpenApp, models: Path, path: object) -> AppTest:
    """The page with a job on a folder, done."""
    app = queue_path(open_app(PAGE), path)
    assert worker(user_data_folder(), models).do_next()
    return app.run()


def test_an_empty_page_says_what_to_do(open_app: OpenApp):
    """And nothing can be queued before something is given."""
    app = open_app(PAGE)

    said = texts(app)
    assert "Give many pictures, a zip or a folder" in said
    assert "until you delete the job" in said
    assert button(app, "Judge them").disabled
    assert not row_tables(app)
    assert not app.exception


def test_a_folder_is_queued_and_judged(open_app: OpenApp, made: Path, folder: Path):
    """Its address finds it; results, counts and scope are there once it is done."""
    app = queue_path(open_app(PAGE), folder)
    (job,) = queue().listing(9)
    assert app.query_params["job"] == job.id
    assert "Results appear here as they come" in texts(app)
    assert {"Pause", "Cancel"} <= set(labels(app, "button"))

    assert worker(user_data_folder(), made).do_next()
    app = at(open_app(), PAGE, job=job.id)

    said = texts(app)
    assert "30 files judged by version 1" in said
    assert len(opens(app)) == 24
    assert "Page 1 of 2" in said
    assert "Not judged" in said
    known, _ = JobResults(user_data_folder(), queue().get(job.id)).sentences
    assert known in said
    assert "Pause" not in labels(app, "button")
    (listed,) = row_tables(app)
    assert listed["State"].tolist() == ["done"]
    assert listed["Done"].tolist() == ["30 of 30"]
    assert listed["Not judged"].tolist() == ["4"]


def test_results_are_filtered_sorted_and_turned(
    open_app: OpenApp, made: Path, folder: Path
):
    """By the widgets, which write the address, and by the address."""
    app = done(open_app, made, folder)

    button(app, "Next").click().run()
    assert len(opens(app)) == 6
    app.pills(key="batch_show").set_value("error").run()
    assert len(opens(app)) == 4
    assert "Next" not in labels(app, "button")
    assert sum("Not judged" in alt for alt in alts(app)) == 4
    app.pills(key="batch_show").set_value("all").run()
    app.selectbox(key="batch_order").set_value("doubt").run()
    (job,) = queue().listing(9)
    expected = JobResults(user_data_folder(), job).page(
        outcome=None, order="doubt", first=0, most=24
    )
    assert opens(app) == [each.number for each in expected]
    assert not app.exception


def test_a_result_opens_in_analyze(open_app: OpenApp, made: Path, folder: Path):
    """Under its path; a file that is no picture is told, and nothing opens."""
    app = done(open_app, made, folder)
    (job,) = queue().listing(9)
    found = JobResults(user_data_folder(), job)
    shown = found.page(outcome=None, order="given", first=0, most=30)
    good = next(each for each in shown if each.error is None)
    bad = next(each for each in shown if each.error is not None)

    app.session_state["batch_go"] = True
    app.session_state["analyze_pictures"] = chosen(found, good.number)
    app.run()

    assert good.path in texts(app).replace("\\", "")
    assert sum(" channel. " in alt for alt in alts(app)) == 6
    with pytest.raises(InvalidImageError):
        chosen(found, bad.number)


def chosen(found: JobResults, number: int):
    """What a click gives to Analyze; `AppTest` cannot click in the grid."""
    return [results.chosen(found, number)]


def test_a_job_is_paused_cancelled_and_goes_on(open_app: OpenApp, made: Path):
    """By its buttons, each of which is there when it helps."""
    job = queue().add_files(files(("a.jpg", jpeg_of(1)), ("b.jpg", b"no")))
    app = at(open_app(), PAGE, job=job.id)

    button(app, "Pause").click().run()
    assert queue().get(job.id).state == "paused"
    assert "Paused" in progress(app)
    button(app, "Cancel").click().run()
    assert queue().get(job.id).state == "cancelled"
    assert "Cancel" not in labels(app, "button")
    button(app, "Go on").click().run()
    assert worker(user_data_folder(), made).do_next()
    app.run()

    assert queue().get(job.id).state == "done"
    assert "2 files judged" in texts(app)


def progress(app: AppTest) -> str:
    """Words beside the bar."""
    (bar,) = app.get("progress")
    return bar.proto.text


def test_a_job_at_work_tells_how_far_it_is(open_app: OpenApp):
    """While it is listed, and after, with the time that is left."""
    job = queue().add_files(files(*((f"{n}.jpg", b"no") for n in range(3))))
    held = claim(user_data_folder(), "one")
    held.add_items([Item(path="0.jpg", key="0")], are_last=False)
    app = at(open_app(), PAGE, job=job.id)
    assert progress(app) == "At work: 1 files found so far"

    held.add_items([Item(path="1.jpg", key="1")], are_last=True)
    app.run()

    assert progress(app) == "At work: 0 of 2, 0%"


def test_a_failed_job_says_why(open_app: OpenApp):
    """And can go on."""
    job = queue().add_files(files(("a.jpg", b"no")))
    held = claim(user_data_folder(), "one")
    held.end("The disk has *gone*.")

    app = at(open_app(), PAGE, job=job.id)

    assert app.error[0].value == "The disk has \\*gone\\*."
    assert "Go on" in labels(app, "button")


@pytest.mark.parametrize(
    ("path", "words"),
    [("/nowhere", "There is nothing at"), ("{tmp}", "holds no files")],
)
def test_what_cannot_be_judged_is_told(open_app: OpenApp, tmp_path, path, words):
    """In a sentence, and the field keeps what was typed."""
    empty = tmp_path / "empty"
    empty.mkdir()

    app = queue_path(open_app(PAGE), path.format(tmp=empty))

    assert words in app.error[0].value
    assert app.text_input(key="batch_path_0").value
    assert queue().listing(9) == []


def test_uploads_are_queued(open_app: OpenApp, made: Path):
    """Several files become one job; the field is empty for the next."""
    app = open_app(PAGE)
    app.file_uploader(key="batch_upload_0").upload("a.jpg", jpeg_of(1)).run()
    button(app, "Judge them").click().run()

    (job,) = queue().listing(9)
    assert (job.name, job.kind) == ("a.jpg", "files")
    assert app.file_uploader(key="batch_upload_1")
    assert worker(user_data_folder(), made).do_next()
    assert "1 file judged" in texts(app.run())


def test_a_job_is_deleted_and_brought_back(open_app: OpenApp, made: Path, folder: Path):
    """With its results; what is asked before says what goes."""
    app = done(open_app, made, folder)
    assert "The pictures themselves stay where they are" in texts(app)

    button(app, "Delete it").click().run()

    assert "was deleted" in app.info[0].value
    assert "Give many pictures" in texts(app)
    assert queue().listing(9) == []
    button(app, "Undo").click().run()
    assert len(opens(app)) == 24


def test_a_job_that_is_gone_is_told(open_app: OpenApp):
    """The rest of the page is there."""
    app = at(open_app(), PAGE, job="0" * 16)

    assert "the id of a job that was not deleted" in app.warning[0].value
    assert button(app, "Judge them").disabled


def test_bad_ways_to_show_are_told(open_app: OpenApp, made: Path, folder: Path):
    """Each in one sentence; all results are shown."""
    done(open_app, made, folder)
    (job,) = queue().listing(9)

    app = at(open_app(), PAGE, job=job.id, show="CAT", order="size", page="0")

    assert len(app.warning) == 3
    assert len(opens(app)) == 24
    assert not app.exception


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_results_are_taken_along(user_data, made: Path, ending):
    """In each of the forms, whatever is shown."""
    job = queue().add_files(files(("=1.jpg", jpeg_of(1)), ("b.jpg", b"no")))
    assert worker(user_data, made).do_next()

    data = results._file(JobResults(user_data, queue().get(job.id)), ending)  # noqa: SLF001

    assert data
    if ending == "csv":
        rows = list(csv.DictReader(io.StringIO(data.decode())))
        assert {row["path"] for row in rows} == {"'=1.jpg", "b.jpg"}


def test_a_scan_opens_by_its_folder(
    open_app: OpenApp, made: Path, folder: Path, tmp_path
):
    """With its report, its results and their order; without shards it says so."""
    run = tmp_path / "run"
    make_plan(str(folder), run, shard_size=8)
    app = queue_path(open_app(PAGE), run)
    assert "key of a scan" in app.info[0].value
    run_scan(run, models=made, engine=Engine(made))
    app.run()

    said = texts(app)
    assert "30 of 30 files" in said.replace("\\", "")
    assert len(opens(app)) == 24
    app.pills(key="batch_show").set_value("error").run()
    assert len(opens(app)) == 4
    app.pills(key="batch_show").set_value("all").run()
    app.selectbox(key="batch_order").set_value("sure").run()
    found = ScanResults(run)
    shown = found.page(outcome=None, order="sure", first=0, most=30)
    assert opens(app) == [each.number for each in shown[:24]]
    doubts = [each.doubt for each in shown if each.doubt is not None]
    assert doubts == sorted(doubts)
    assert list(found.counts()) == list(OUTCOMES)
    first = found.get(0)
    assert found.read(0) == (folder / first.path).read_bytes()
    button(app, "Close the scan").click().run()
    assert "Give many pictures" in texts(app)


class Engine:
    """An engine in this process, with networks made by hand."""

    def __init__(self, models: Path) -> None:
        self._models = models

    def work(self, order, shards):
        """Do the shards."""
        judge = ShardJudge(order, NetworkPool(self._models))
        for shard in shards:
            judge.scan(shard)
            yield ShardEnd(shard=shard, is_done=True)
