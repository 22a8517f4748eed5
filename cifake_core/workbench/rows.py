"""Networks whose rows of verdicts are asked for."""

from typing import Final

from cifake_core.basics.registry import lookup
from cifake_core.networks import NETWORKS
from cifake_core.workbench.workbench import Workbench

#: Asks for the predictions of all our own networks.
ALL: Final = "all"


def asked_networks(bench: Workbench, network: str) -> tuple[str, ...]:
    """Names of the networks that are meant: all of our own, or the one named.

    Args:
        bench: has the networks.
        network: `ALL`, or the name of a trained network, ours or a paper's.

    Raises:
        ModelUnavailableError: If there are no trained networks.
        UnknownNameError: If there is no such network, or it is not trained.
    """
    own = bench.pool.names()
    if network == ALL:
        return own
    lookup(NETWORKS, network, kind="network")
    lookup(dict.fromkeys(bench.all_names()), network, kind="trained network")
    return (network,)
