"""Process of the server's worker: `python -m cifake_core.jobs.queue.process`.

It is told the folder of user data and that of the shipped networks, and its name. It
ends when there was nothing to do for a while, and at once when the server is gone,
whose end closes its standard input.
"""

import os
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

#: Libraries that would each start a thread for every processor.
_THREADS: Final = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
#: Lower than that of the server, whose pages go first.
_NICENESS: Final = 5
#: Seconds without work after which the networks are not worth their memory.
_IDLE: Final = 20.0
_LOOK: Final = 0.25


def main(user_data: Path, shipped: Path, owner: str) -> None:
    """Do jobs until there are none for a while."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server
    for name in _THREADS:
        os.environ[name] = "1"
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    threading.Thread(
        target=_end_with_server, args=(user_data, owner), daemon=True
    ).start()
    import cv2  # noqa: PLC0415 - after the threads are set

    from cifake_core.jobs.queue.worker import Worker  # noqa: PLC0415 - see above

    cv2.setNumThreads(1)
    worker = Worker(user_data, shipped, owner=owner)
    until = time.monotonic() + _IDLE
    while time.monotonic() < until:
        if worker.do_next():
            until = time.monotonic() + _IDLE
        else:
            time.sleep(_LOOK)


def _end_with_server(user_data: Path, owner: str) -> None:
    """End this process once the server has; what is held is given back."""
    while sys.stdin.buffer.read(1):
        pass
    from cifake_core.basics.errors import CifakeError  # noqa: PLC0415 - slow
    from cifake_core.jobs.queue.lease import release  # noqa: PLC0415 - slow

    with suppress(CifakeError):
        release(user_data, owner)
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
