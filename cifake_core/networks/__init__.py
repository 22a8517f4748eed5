"""Networks and their registry; importing this does not load Keras."""

from cifake_core.networks.registry import NETWORKS, OWN, PAPERS, InputKind, NetworkSpec

__all__ = ["NETWORKS", "OWN", "PAPERS", "InputKind", "NetworkSpec"]
