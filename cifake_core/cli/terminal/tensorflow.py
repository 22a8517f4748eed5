"""TensorFlow imported without what it writes to stderr."""

import logging
import os
import sys


def import_tensorflow() -> None:
    """Import TensorFlow without what it writes to stderr meanwhile, or warns of later.

    Its libraries write some lines before any of their settings is read, so the
    stream itself leads nowhere for these seconds.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.stderr.flush()
    stderr = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        import tensorflow  # noqa: F401, PLC0415, ICN001 - takes seconds
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(nowhere)
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
