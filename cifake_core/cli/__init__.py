"""The command line: one module a command, each with `run(options)`."""

import importlib
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from cifake_core.basics.errors import CifakeError
from cifake_core.cli.terminal.output import tell
from cifake_core.cli.terminal.parser import build_parser

_BAD_INPUT = 2
#: What shells report of a program that Ctrl-C ended.
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    A failure that a person can mend is one sentence on stderr and status 2.

    Args:
        arguments: the words after `python -m cifake_core`; this process's own by
            default.

    Raises:
        SystemExit: If help was asked for, or the arguments make no command.
    """
    if isinstance(sys.stdout, TextIOWrapper):  # a file's name may have odd letters
        sys.stdout.reconfigure(errors="backslashreplace")
    options = build_parser().parse_args(arguments)
    try:
        # each command imports what it needs: most do without TensorFlow
        command = importlib.import_module(f"cifake_core.cli.commands.{options.command}")
        status = int(command.run(options))
        sys.stdout.flush()
    except CifakeError as error:
        return _fail(str(error))
    except ImportError as error:
        if error.name != "cv2":
            raise
        return _fail(
            f"OpenCV does not load ({error}). Install the system's libGL and GLib "
            "(Debian and Ubuntu: apt install libgl1 libglib2.0-0) and try again."
        )
    except KeyboardInterrupt:
        tell("Stopped.")
        return _INTERRUPTED
    except BrokenPipeError:  # the reader, such as `head`, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        status = _fail(f"The system refused: {error}.")
    except MemoryError:
        status = _fail("There is too little memory. Close other programs, try again.")
    return status


def _fail(message: str) -> int:
    """Say what went wrong, on one line, and return the exit status."""
    tell(" ".join(message.split()))
    return _BAD_INPUT
