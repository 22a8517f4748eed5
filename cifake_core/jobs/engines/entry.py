"""Process of a worker on this machine; light, as it comes before all other imports."""

import os
import signal
import sys
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from typing import Any, Final

#: Libraries that would each start a thread for every processor.
_THREADS: Final = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def main(order: Any, connection: Connection) -> None:  # noqa: ANN401 - a light import
    """Do the shards that come by the connection, until it is closed.

    Each is answered by None, or by the sentence on why it cannot be done. The end of
    the process that asked ends this one within a batch.

    Args:
        order: a `ScanOrder`.
        connection: to the process that hands shards out.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that asks
    for name in _THREADS:
        os.environ[name] = "1"
    from cifake_core.basics.errors import CifakeError  # noqa: PLC0415 - see above
    from cifake_core.jobs.scan.worker import ShardJudge  # noqa: PLC0415 - see above

    try:
        judge = ShardJudge(order)
        while True:
            shard = connection.recv()
            judge.scan(shard, _end_with_parent)
            connection.send(None)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # nobody asks any more
    except CifakeError as error:
        connection.send(str(error))
    except OSError as error:
        connection.send(f"The system refused: {error}.")


def _end_with_parent() -> None:
    """End this process if the one that asked is gone."""
    parent = parent_process()
    if parent is not None and wait([parent.sentinel], 0):
        sys.exit(1)
