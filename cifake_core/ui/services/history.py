"""The history of verdicts, for who may see it."""

from cifake_core.ui.services import caller
from cifake_core.ui.services.bench import bench
from cifake_core.workbench.history import HistoryBench


def history() -> HistoryBench:
    """The history of who looks, with the cases that others share with them.

    Raises:
        NotAllowedError: If who looks may not.
        UnknownCallerError: If nobody has logged in, or not any more.
    """
    who = caller.expect("history", what="the history")
    return bench().history.of(who.user)
