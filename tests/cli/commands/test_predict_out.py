"""`predict --out`: files, folders and zips as one job into one file."""

import csv
import json
import shutil

import pytest

from cifake_core.basics.places import ASSETS
from cifake_core.jobs import file_job
from cifake_core.jobs.judging import judge_items
from cifake_core.jobs.locking import only_one
from cifake_core.networks import OWN
from tests.jobs.made_sources import jpeg_of, put_folder, put_zip
from tests.stated import lacking

CAT = ASSETS / "samples" / "cat_32.png"


@pytest.fixture
def folder(tmp_path):
    """A folder with seven pictures and two files that are none."""
    return put_folder(tmp_path / "pictures", good=7, bad=2)


@pytest.fixture
def packed(tmp_path):
    """A zip of two pictures."""
    return put_zip(tmp_path / "p.zip", {"a/1.jpg": jpeg_of(21), "2.jpg": jpeg_of(22)})


@pytest.fixture
def small_batches(monkeypatch):
    """Let two pictures be judged at once."""
    monkeypatch.setattr("cifake_core.jobs.judging.BATCH", 2)


def rows(path):
    """Rows of a file of JSON Lines."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def beside(path):
    """Names of what lies beside a file and belongs to its job."""
    return [each.name for each in path.parent.iterdir() if path.stem in each.name]


def test_files_folders_and_zips_become_one_file(
    command, folder, packed, tmp_path, capsys
):
    """Paths count from zip and folder; a bad file is a row, and the status is 2."""
    out = tmp_path / "out.jsonl"

    status = command("predict", CAT, folder, packed, "--out", out, "--json")

    found = rows(out)
    captured = capsys.readouterr()
    assert status == 2
    judged = list(dict.fromkeys(row["path"] for row in found if "network" in row))
    assert judged[0] == str(CAT)
    assert judged[1:8] == sorted(judged[1:8], key=lambda path: path.split("/"))
    assert judged[8:] == ["a/1.jpg", "2.jpg"]
    assert len([row for row in found if "network" in row]) == 10 * len(OWN)
    errors = [row for row in found if "error" in row]
    assert len(errors) == 2
    assert all("not a picture" in row["error"] for row in errors)
    told = json.loads(captured.out)
    assert (told["pictures"], told["errors"]) == (12, 2)
    assert sum(told["verdicts"].values()) == 10
    assert "2 of 12" in captured.err
    assert beside(out) == ["out.jsonl"]


def test_a_row_is_that_of_predict(command, tmp_path, capsys):
    """But for the time, and the file's own word, it has what stdout would have."""
    out = tmp_path / "out.jsonl"
    command("predict", CAT, "--json")
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    status = command("predict", CAT, "--out", out)

    assert status == 0
    for found, expected in zip(rows(out), printed, strict=True):
        del expected["file"]
        assert found | {"milliseconds": 0} == expected | {"milliseconds": 0}


def test_one_network_alone_is_asked(command, folder, tmp_path):
    """As without a file."""
    out = tmp_path / "out.csv"

    command("predict", folder, "--network", "cnn3d", "--out", out)

    with out.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert {row["network"] for row in found} == {"cnn3d", ""}
    assert len(found) == 9


def test_what_is_printed_has_its_scope(command, folder, tmp_path, capsys):
    """Counts of verdicts stand with what the verdicts know."""
    from cifake_core.basics.places import user_data_folder
    from cifake_core.workbench import Workbench

    bench = Workbench(tmp_path / "models", user_data=user_data_folder())

    command("predict", folder, "--out", tmp_path / "out.csv")

    words = capsys.readouterr().out
    assert lacking(words, bench.scope.of_verdicts(), {}) == []


def stopped_after(num_batches, monkeypatch):
    """Let the judging stop, as by Ctrl-C, after so many batches."""

    def judged(*args, **kwargs):
        for number, batch in enumerate(judge_items(*args, **kwargs)):
            if number == num_batches:
                raise KeyboardInterrupt
            yield batch

    monkeypatch.setattr(file_job, "judge_items", judged)


@pytest.mark.usefixtures("small_batches")
def test_a_stopped_job_goes_on(command, folder, tmp_path, monkeypatch, capsys):
    """No file until it is whole, no item twice, none lost."""
    packed = put_zip(tmp_path / "p.zip", {"1.jpg": jpeg_of(21), "2.jpg": jpeg_of(22)})
    out, whole = tmp_path / "out.jsonl", tmp_path / "whole.jsonl"
    command("predict", folder, packed, "--out", whole)
    with monkeypatch.context() as context:
        stopped_after(2, context)
        assert command("predict", folder, packed, "--out", out) == 130
    assert not out.exists()
    assert "--resume" in capsys.readouterr().err

    status = command("predict", folder, packed, "--out", out, "--resume")

    assert status == 2
    assert [row["path"] for row in rows(out)] == [row["path"] for row in rows(whole)]
    assert beside(out) == ["out.jsonl"]


@pytest.mark.usefixtures("small_batches")
def test_another_job_is_not_resumed(command, folder, packed, tmp_path, monkeypatch):
    """Other places are another job; without --resume it begins anew."""
    out = tmp_path / "out.jsonl"
    with monkeypatch.context() as context:
        stopped_after(1, context)
        command("predict", folder, "--out", out)

    assert command("predict", packed, "--out", out, "--resume") == 2
    assert not out.exists()
    assert command("predict", packed, "--out", out) == 0
    assert {row["path"] for row in rows(out)} == {"a/1.jpg", "2.jpg"}


def test_resuming_nothing_begins(command, packed, tmp_path):
    """A script may always say --resume."""
    out = tmp_path / "out.jsonl"

    assert command("predict", packed, "--out", out, "--resume") == 0
    assert command("predict", packed, "--out", out, "--resume") == 0
    assert len(rows(out)) == 2 * len(OWN)


def test_two_at_once_are_refused(command, packed, tmp_path, refusal):
    """A second process is told; the lock of a dead one holds nobody."""
    out = tmp_path / "out.jsonl"
    (tmp_path / ".out.jsonl.job").mkdir()

    with only_one(tmp_path / ".out.jsonl.job", "The job"):
        assert command("predict", packed, "--out", out) == 2

    assert "under way in another process" in refusal()
    assert command("predict", packed, "--out", out) == 0


def test_another_ending_is_refused(command, packed, tmp_path, refusal):
    """One sentence, before anything is judged."""
    assert command("predict", packed, "--out", tmp_path / "out.txt") == 2
    assert "ends in .txt" in refusal()


def test_resume_without_a_file_is_refused(command, packed, refusal):
    """There is nothing to go on with."""
    assert command("predict", packed, "--resume") == 2
    assert "Name it with --out" in refusal()


def test_an_empty_place_is_refused(command, tmp_path, refusal):
    """A folder without files is a mistake."""
    (tmp_path / "empty").mkdir()

    assert command("predict", tmp_path / "empty", "--out", tmp_path / "o.csv") == 2
    assert "holds no files" in refusal()
    assert not (tmp_path / "o.csv").exists()


def test_a_place_that_is_gone_is_a_row(command, packed, tmp_path):
    """As for files without --out."""
    out = tmp_path / "out.jsonl"
    shutil.move(packed, tmp_path / "elsewhere.zip")

    assert command("predict", packed, "--out", out) == 2
    assert "There is no file" in rows(out)[0]["error"]
