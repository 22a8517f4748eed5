"""TensorFlow without what its libraries write to stderr."""

import logging
import os

from cifake_core.basics.silence import quiet


def import_tensorflow() -> None:
    """Import TensorFlow without its lines, nor those that it warns of later."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with quiet():
        import tensorflow  # noqa: F401, PLC0415, ICN001 - takes seconds
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
