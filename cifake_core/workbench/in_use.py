"""The workbench over the version in use: one for the whole process, whatever door asks.

Pages and REST in one server share it, and with it the loaded networks.
"""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from cifake_core.networks.pool import NetworkPool, load_network
from cifake_core.networks.protocols import Probe
from cifake_core.versions.registry import VersionRegistry
from cifake_core.workbench.workbench import Workbench

_opening: Final = threading.Lock()
_open: Final[list[Workbench]] = []  # at most one


def workbench_in_use(
    shipped: Path, user_data: Path, *, load: Callable[[Path], Probe] = load_network
) -> tuple[Workbench, str]:
    """The workbench over the version in use, and a sentence if that is another.

    Once another version is in use, put there by this process or another, the former
    workbench goes with all its answers and networks.

    Args:
        shipped: the folder of trained networks that is version 1.
        user_data: the user's folder for data sets and versions.
        load: makes a network from its folder.

    Raises:
        DatabaseUnavailableError: If it is not known which version is in use.
    """
    with _opening:
        current = VersionRegistry(user_data, shipped).current()
        found = _open[0] if _open else None
        if not found or (found.models, found.user_data) != (current.models, user_data):
            networks = NetworkPool(current.models, load=load)
            _open[:] = [Workbench(shipped, user_data=user_data, networks=networks)]
        return _open[0], current.trouble


def forget_answers(*, older: float) -> int:
    """Forget what the workbench of this process, if there is one, has in memory.

    Args:
        older: seconds since it was last asked for.

    Returns:
        How many answers.
    """
    with _opening:
        return sum(each.forget(older=older) for each in _open)
