"""Journal: what is appended is kept, whole lines only, of one job alone."""

import pytest

from cifake_core.basics.errors import JobError
from cifake_core.jobs.journal import Entry, Journal

ORDER = {"places": ["a"], "weights": {"cnn": "1"}}


def entry(number: int) -> Entry:
    """An entry of one row."""
    key = f"{number}\udcff.jpg"  # a name that is no UTF-8
    return Entry(source=0, key=key, rows=[{"path": str(number)}])


@pytest.fixture
def path(tmp_path):
    """Where the journal is to be."""
    return tmp_path / "journal.jsonl"


def test_what_is_kept_is_known_again(path):
    """Keys of items that are done, and their rows in order."""
    journal = Journal(path, ORDER)
    journal.begin()
    journal.append([entry(1), entry(2)])

    again = Journal(path, dict(ORDER))

    assert again.go_on() == {(0, "1\udcff.jpg"), (0, "2\udcff.jpg")}
    assert [row["path"] for row in again.rows()] == ["1", "2"]


def test_wherever_it_is_cut_off_whole_entries_stay(path):
    """A kill at any byte loses at most the line that was being written."""
    journal = Journal(path, ORDER)
    journal.begin()
    header = path.stat().st_size
    journal.append([entry(1), entry(2)])
    whole = path.read_bytes()
    first = whole.index(b"\n", header) + 1

    for length in range(len(whole) + 1):
        path.write_bytes(whole[:length])
        done = journal.go_on()
        journal.append([entry(3)])
        expected = (length >= first) + (length == len(whole))
        assert len(done) == expected
        assert len(journal.go_on()) == expected + 1


def test_another_job_is_not_gone_on_with(path):
    """The sentence says what differs."""
    Journal(path, ORDER).begin()
    other = Journal(path, ORDER | {"weights": {"cnn": "2"}})

    with pytest.raises(JobError, match="its weights differ"):
        other.go_on()
    other.begin()
    assert other.go_on() == set()


def test_a_damaged_line_is_a_sentence(path):
    """Nothing is made up for what cannot be read."""
    journal = Journal(path, ORDER)
    journal.begin()
    path.write_bytes(path.read_bytes() + b"{no json\n")

    with pytest.raises(JobError, match="is damaged"):
        journal.go_on()
