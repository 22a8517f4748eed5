"""TensorFlow without what its libraries write to stderr."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet() -> Iterator[None]:
    """Let nothing that is written to stderr be seen.

    TensorFlow's libraries write some lines before any of their settings is read, and
    more when they convert a network, so the stream itself leads nowhere meanwhile.
    """
    sys.stderr.flush()
    stderr = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(nowhere)


def import_tensorflow() -> None:
    """Import TensorFlow without its lines, nor those that it warns of later."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with quiet():
        import tensorflow  # noqa: F401, PLC0415, ICN001 - takes seconds
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
