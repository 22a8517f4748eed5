"""Pool of trained networks: those of one folder, each loaded once, shared by all."""

import threading
from collections.abc import Callable
from pathlib import Path

from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.registry import lookup
from cifake_core.networks import NETWORKS, store
from cifake_core.networks.ensemble import Ensemble
from cifake_core.networks.protocols import Probe, Scorer


def load_network(folder: Path) -> Probe:
    """Return the trained network of a folder, compiled; loads Keras on the first call.

    Raises:
        ModelUnavailableError: If its weights are not those of its card.
    """
    from cifake_core.networks.runtimes.compiled import (  # noqa: PLC0415 - loads Keras
        compile_folder,
    )

    return compile_folder(folder)


class NetworkPool:
    """The trained networks of one folder; threads and visitors may share it.

    Args:
        models: the folder, with a subfolder for each network.
        load: makes a network from its folder.
    """

    def __init__(
        self, models: Path, *, load: Callable[[Path], Probe] = load_network
    ) -> None:
        self.models = models
        self._load = load
        self._networks: dict[tuple[str, str], Probe] = {}
        self._loading = threading.Lock()

    def names(self) -> tuple[str, ...]:
        """Return our own networks that have weights, in menu order.

        Raises:
            ModelUnavailableError: If none has.
        """
        names = store.available(self.models)
        if not names:
            msg = (
                f"There are no trained networks in {self.models}. Train them with "
                "`python -m cifake_core train cnn` and `... train cnn3d`, then "
                "promote the runs."
            )
            raise ModelUnavailableError(msg)
        return names

    def network(self, name: str) -> Scorer:
        """Return the network or ensemble `name`, ready to answer.

        Raises:
            UnknownNameError: If there is no such network.
            ModelUnavailableError: If its weights or its card, or a member's, cannot
                be used.
        """
        if not lookup(NETWORKS, name, kind="network").members:
            return self._member(name)
        weights = store.ensemble_weights(name, self.models)
        parts = [self._member(member) for member in weights]
        return Ensemble(name, parts, weights=tuple(weights.values()))

    def _member(self, name: str) -> Probe:
        """Return a network with weights of its own, loaded once for each weights."""
        key = name, store.revision(name, self.models)
        with self._loading:
            if key not in self._networks:
                for old in [each for each in self._networks if each[0] == name]:
                    del self._networks[old]
                self._networks[key] = self._load(self.models / name)
            return self._networks[key]
