"""`/jobs`: queued over a real socket, done by the server's worker, and ended."""

import io
import json
import time
import zipfile

import httpx
import pytest
from pyarrow import parquet

from cifake_core.api.limits import Limits
from cifake_core.api.records import ErrorRow, JobStatus, VerdictRow
from cifake_core.jobs.queue.queue import JobQueue
from tests.api.conftest import CAT, PATIENCE, SAMPLES, problem, upload
from tests.api.test_judge import PICTURES, untimed

pytestmark = pytest.mark.slow


def zipped(*entries: tuple[str, bytes]) -> list[tuple[str, tuple[str, bytes]]]:
    """An upload of one zip."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return [("files", ("pictures.zip", file.getvalue()))]


def queued(client: httpx.Client, files) -> str:
    """Id of a job that was queued."""
    response = client.post("/jobs", files=files)
    assert response.status_code == 202, response.text
    (name,) = response.json()
    assert name == "id"
    return response.json()["id"]


def ended(client: httpx.Client, job: str) -> dict[str, object]:
    """Status of a job once it has ended, which never goes back meanwhile."""
    deadline, before = time.monotonic() + PATIENCE, 0
    while True:
        status = client.get(f"/jobs/{job}").json()
        JobStatus.model_validate(status)
        assert status["done"] >= before
        if status["state"] not in ("queued", "running"):
            return status
        assert time.monotonic() < deadline
        before = status["done"]
        time.sleep(0.05)


def test_many_files_become_the_rows_of_judge(client):
    """In their order, by their names; a bad one has its sentence."""
    files = [*upload(*PICTURES), *upload(b"no picture")]

    job = queued(client, files)
    status = ended(client, job)

    number = len(PICTURES) + 1
    assert status == {
        "id": job,
        "state": "done",
        "done": number,
        "total": number,
        "errors": 1,
    }
    lines = client.get(f"/jobs/{job}/results").text.splitlines()
    rows = [json.loads(line) for line in lines]
    for row in rows:
        (ErrorRow if "error" in row else VerdictRow).model_validate(row)
    expected = client.post("/judge", files=files).json()["results"]
    assert [row["path"] for row in rows] == [row["path"] for row in expected]
    for row, other in zip(untimed(rows), untimed(expected), strict=True):
        assert list(row) == [key for key in other if key != "file"]
        assert [row.get(key) for key in ("verdict", "label", "network", "error")] == [
            other.get(key) for key in ("verdict", "label", "network", "error")
        ]
        if "p_real" in row:
            assert row["p_real"] == pytest.approx(other["p_real"], abs=1e-3)


def test_a_zip_is_read_by_its_paths(client):
    """What would leave it is a row with a sentence; each format has the same rows."""
    job = queued(
        client,
        zipped(("a/=cat.png", CAT.read_bytes()), ("../up.png", CAT.read_bytes())),
    )

    assert ended(client, job)["errors"] == 1

    rows = [
        json.loads(line)
        for line in client.get(f"/jobs/{job}/results?format=jsonl").text.splitlines()
    ]
    assert {row["path"] for row in rows} == {"a/=cat.png", "../up.png"}
    (bad,) = [row for row in rows if "error" in row]
    assert "leads out of the zip" in bad["error"]
    table = client.get(f"/jobs/{job}/results", params={"format": "parquet"})
    assert table.headers["content-type"] == "application/vnd.apache.parquet"
    found = parquet.read_table(io.BytesIO(table.content)).to_pylist()
    assert [row["p_real"] for row in found] == [row.get("p_real") for row in rows]
    text = client.get(f"/jobs/{job}/results", params={"format": "csv"})
    assert text.headers["content-type"].startswith("text/csv")
    assert f'filename="{job}.csv"' in text.headers["content-disposition"]
    assert len(text.text.splitlines()) == len(rows) + 1


def test_a_job_is_cancelled_then_removed(client, shipped):
    """Its rows stay until it is removed; then there is nothing of it."""
    many = [
        ("files", (f"{n}.jpg", (SAMPLES / "cat.jpg").read_bytes())) for n in range(200)
    ]
    job = queued(client, many)

    cancelled = client.delete(f"/jobs/{job}").json()

    assert cancelled["state"] == "cancelled"
    assert ended(client, job)["done"] < 200
    lines = client.get(f"/jobs/{job}/results").text.splitlines()
    assert len(lines) == 4 * client.get(f"/jobs/{job}").json()["done"]
    assert client.delete(f"/jobs/{job}").json()["id"] == job
    for ask in (client.get, client.delete):
        assert "There is no job" in problem(ask(f"/jobs/{job}"), 404)
    assert "There is no job" in problem(client.get(f"/jobs/{job}/results"), 404)
    assert job not in [each.id for each in JobQueue(shipped()[0].user_data).listing(99)]


@pytest.mark.parametrize(
    ("files", "status", "words"),
    [
        (zipped(), 422, "pictures.zip holds no files"),
        (zipped(("a.png", bytes(60 * 1024**2))), 422, "times its size"),
        ([("files", ("a.zip", b"PK\x03\x04 cut off"))], 422, "a.zip is no whole zip"),
        ([("other", ("a.png", b"x"))], 422, "`files`"),
    ],
    ids=["empty", "bomb", "cut off", "no files"],
)
def test_what_cannot_be_a_job_is_a_problem(client, files, status, words):
    """With the sentence, and no place on the server in it."""
    sentence = problem(client.post("/jobs", files=files), status)

    assert words in sentence
    assert "/" not in sentence


def test_bad_questions_are_problems(client):
    """A format that there is not, a job of no such name."""
    job = queued(client, upload(b"x"))
    ended(client, job)

    assert "`format`" in problem(client.get(f"/jobs/{job}/results?format=xls"), 422)
    for name in ("nothing", "%00", "..%2F..", "a" * 500):
        assert "no" in problem(client.get(f"/jobs/{name}"), 404)


def test_jobs_have_limits_of_their_own(serve):
    """On files and bytes of one, and on how many wait."""
    limits = Limits(max_files=1, max_job_files=2, max_job_bytes=400_000, max_jobs=1)
    with serve(limits) as client:
        assert "2 pictures at most" in problem(
            client.post("/jobs", files=upload(b"1", b"2", b"3")), 413
        )
        assert "400,000 bytes at most" in problem(
            client.post("/jobs", files=upload(bytes(500_000))), 413
        )
        job = queued(client, zipped(*((f"{n}.txt", b"x") for n in range(3000))))
        response = client.post("/jobs", files=upload(CAT))
        assert "1 jobs wait" in problem(response, 429)
        assert response.headers["Retry-After"] == "30"
        assert ended(client, job)["errors"] == 3000
        assert ended(client, queued(client, upload(CAT)))["state"] == "done"
