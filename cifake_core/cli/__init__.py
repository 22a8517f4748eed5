"""The command line: one module a command, each a typed function."""

import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cifake_core.basics.errors import CifakeError
from cifake_core.basics.places import models_folder, user_data_folder
from cifake_core.cli.app import call
from cifake_core.cli.context import Context, Trainer, load_quietly, train_quietly
from cifake_core.cli.terminal.output import tell

if TYPE_CHECKING:
    from cifake_core.networks.protocols import Probe

_BAD_INPUT: Final = 2
#: What shells report of a program that Ctrl-C ended.
_INTERRUPTED: Final = 130


def main(
    arguments: Sequence[str] | None = None,
    models: Path | None = None,
    *,
    load: "Callable[[Path], Probe]" = load_quietly,
    train: Trainer = train_quietly,
) -> int:
    """Run one command and return its exit status.

    A failure that a person can mend is one sentence on stderr and status 2.

    Args:
        arguments: the words after `python -m cifake_core`; this process's own by
            default.
        models: the folder of trained networks that is version 1; `CIFAKE_MODELS` or
            the shipped one by default.
        load: makes a network from its folder.
        train: trains a network.
    """
    words = sys.argv[1:] if arguments is None else arguments
    context = Context(
        shipped=models or models_folder(),
        user_data=user_data_folder(),
        load=load,
        train=train,
    )
    return guarded(partial(call, words, context))


def guarded(work: Callable[[], int]) -> int:
    """Return the exit status of `work`, or that of what stopped it."""
    if isinstance(sys.stdout, TextIOWrapper):  # a file's name may have odd letters
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        status = work()
        sys.stdout.flush()
    except KeyboardInterrupt as stop:
        tell(str(stop) or "Stopped.")
        return _INTERRUPTED
    except BrokenPipeError:  # the reader, such as `head`, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (CifakeError, ImportError, OSError, MemoryError) as error:
        tell(" ".join(_complaint(error).split()))
        return _BAD_INPUT
    return status


def _complaint(error: Exception) -> str:
    """Return the sentence on an error; raise what nobody foresaw."""
    if isinstance(error, CifakeError):
        return str(error)
    if isinstance(error, MemoryError):
        return "There is too little memory. Close other programs, try again."
    if isinstance(error, OSError):
        return f"The system refused: {error}."
    # a command's module that does not load is told by a second error
    first = error.__cause__ if isinstance(error.__cause__, ImportError) else error
    if not isinstance(first, ImportError) or first.name != "cv2":
        raise error
    return (
        f"OpenCV does not load ({first}). Install the system's libGL and GLib "
        "(Debian and Ubuntu: apt install libgl1 libglib2.0-0) and try again."
    )
