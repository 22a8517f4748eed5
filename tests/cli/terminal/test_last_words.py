"""A killed command still says how to go on; one that ends by itself says nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PROGRAM = """
import os, signal, sys
from cifake_core.cli.terminal.last_words import last_words

with last_words("Go on with --resume."):
    {ending}
"""


def words(ending: str) -> str:
    """Return what is on stderr after a program that ends so, without its faults."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(ending=ending)],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stderr


@pytest.mark.parametrize(
    "ending",
    [
        pytest.param(
            "os.kill(os.getpid(), signal.SIGKILL)",
            marks=pytest.mark.skipif(sys.platform == "win32", reason="POSIX only"),
        ),
        "os.abort()",
        "os._exit(3)",
    ],
)
def test_who_is_killed_is_heard(ending):
    """Killed by the system, by a library or in silence: the sentence is written."""
    assert words(ending).endswith("Go on with --resume.\n")


@pytest.mark.parametrize("ending", ["pass", "sys.exit(1)", "raise KeyboardInterrupt"])
def test_who_ends_alone_needs_no_words(ending):
    """An end, an error and Ctrl-C have words of their own."""
    assert "--resume" not in words(ending)
