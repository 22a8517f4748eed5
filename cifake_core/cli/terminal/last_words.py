"""What is said when a command is killed, by someone who is still there to say it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

#: Speaks if its input ends with nothing said: the command is gone, and not by itself.
_WATCH: Final = (
    "import sys\nif not sys.stdin.read(): print(sys.argv[1], file=sys.stderr)"
)


@contextmanager
def last_words(sentence: str) -> Iterator[None]:
    """Have `sentence` written to stderr if the process is killed in this block.

    The system kills without a word who takes too much memory, and TensorFlow kills
    itself, so a process of its own waits beside. An exception is no such end.
    """
    watch = subprocess.Popen(  # noqa: S603 - this very program
        [sys.executable, "-c", _WATCH, sentence],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,  # what stops the command from the keyboard spares it
    )
    try:
        yield
    finally:
        watch.communicate(b"done")
