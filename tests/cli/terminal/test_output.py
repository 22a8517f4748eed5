"""What commands print: tables, times, files."""

import io
import sys

import pytest

from cifake_core.basics.errors import CifakeError
from cifake_core.cli.terminal import output


class Terminal(io.StringIO):
    """A stream that a person looks at."""

    def isatty(self) -> bool:
        """Return that somebody looks."""
        return True


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (59.6, "1 min 00 s"), (61, "1 min 01 s"), (7260, "2 h 01 min")],
)
def test_durations_are_said_as_people_do(seconds, words):
    """Seconds, minutes or hours, whichever fits."""
    assert output.duration(seconds) == words


def test_a_piped_table_is_plain_text(capsys):
    """Columns under their heads, figures to the right, no line broken, only ASCII."""
    rows = [("a long name indeed", "1", "x" * 70), ("[b]", "23", "y")]

    output.print_table(("name", "n", "what"), rows)

    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines] == [
        ["name", "n", "what"],
        ["a", "long", "name", "indeed", "1", "x" * 70],
        ["[b]", "23", "y"],
    ]
    assert len({len(line) for line in lines}) == 1
    assert all(line.isascii() and "\x1b" not in line for line in lines)


def test_a_terminals_table_keeps_to_no_color(monkeypatch):
    """Who sets NO_COLOR gets no colours, also where somebody looks."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)

    output.print_table(("name", "n"), [("a", "1")])

    assert "name" in terminal.getvalue()
    assert not any(f"\x1b[{code}m" in terminal.getvalue() for code in range(30, 38))


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    """Where the place is taken by a folder, nothing is left behind."""
    (tmp_path / "out.png").mkdir()

    with pytest.raises(CifakeError, match="cannot be written"):
        output.write_file(tmp_path / "out.png", b"pixels")

    assert [path.name for path in tmp_path.iterdir()] == ["out.png"]
