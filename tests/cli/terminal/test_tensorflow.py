"""TensorFlow is imported in silence."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.slow
def test_a_fresh_process_says_nothing_but_the_result():
    """TensorFlow's own lines reach neither stdout nor stderr."""
    program = (
        "from cifake_core.cli.terminal.tensorflow import import_tensorflow\n"
        "import_tensorflow(); print(1)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n", "")
