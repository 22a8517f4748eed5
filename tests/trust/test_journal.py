"""A notebook: finished parts are kept, corrupted ones are made again."""

import pytest

from cifake_core.basics.errors import CifakeError
from cifake_core.trust.journal import Journal

ROWS = [{"method": "lime", "score": 0.1}, {"method": "shap", "score": -2}]


def never():
    """Fail: what is finished is not to be made again."""
    pytest.fail("made again")


def test_a_part_is_made_once(tmp_path):
    """A second notebook on the same folder has the rows, and how long they took."""
    folder = tmp_path / "a" / "b"

    made = Journal(folder).rows("one", lambda: ROWS)

    notebook = Journal(folder)
    assert made == notebook.rows("one", never) == ROWS
    assert "one" in notebook
    assert "two" not in notebook
    assert notebook.seconds("one") > 0
    assert notebook.seconds("two") == 0
    assert [file.name for file in folder.iterdir()] == ["one.json"]


@pytest.mark.parametrize(
    "text", ["", "[]", '{"rows": []}', '{"rows": 1, "seconds": 1}']
)
def test_a_damaged_part_is_made_again(text, tmp_path):
    """Whatever stands there in its place."""
    (tmp_path / "one.json").write_text(text, "utf-8")
    notebook = Journal(tmp_path)

    assert "one" not in notebook
    assert notebook.rows("one", lambda: ROWS) == ROWS
    assert "one" in notebook


def test_a_part_that_fails_is_not_kept(tmp_path):
    """What was raised comes through."""
    notebook = Journal(tmp_path)

    def fail():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        notebook.rows("one", fail)

    assert "one" not in notebook


def test_a_full_disk_is_told(tmp_path):
    """The sentence names the folder."""
    (tmp_path / "file").touch()
    notebook = Journal(tmp_path / "file" / "inside")

    with pytest.raises(CifakeError, match=r"cannot be kept in .*inside: .*Make room"):
        notebook.rows("one", lambda: ROWS)


def test_a_cleared_notebook_is_empty(tmp_path):
    """Clearing one that never was does no harm."""
    notebook = Journal(tmp_path / "a")
    notebook.rows("one", lambda: ROWS)

    notebook.clear()
    notebook.clear()

    assert "one" not in notebook
    assert list(tmp_path.iterdir()) == []
