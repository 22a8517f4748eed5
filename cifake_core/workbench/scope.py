"""The part of the workbench on scope: what verdicts and networks know."""

from pathlib import Path

from cifake_core.networks import store
from cifake_core.verdicts import scope
from cifake_core.verdicts.scope import Scope, ScopeCard


class ScopeBench:
    """Answers on which generators verdicts and networks know, and how that was found.

    Args:
        models: the folder of trained networks.
    """

    def __init__(self, models: Path) -> None:
        self._models = models

    def of_verdicts(self) -> Scope:
        """Scope of every verdict with the networks in use.

        Raises:
            ModelUnavailableError: If a network's card is missing or not readable.
        """
        return scope.scope_of(store.revisions(self._models), self._models)

    def card(self) -> ScopeCard:
        """Card on the verdicts' scope.

        Raises:
            ModelUnavailableError: If it is missing, damaged or made with other
                weights.
        """
        return scope.read(store.revisions(self._models), self._models)

    def known(self, network: str) -> tuple[str, ...]:
        """Generators from whose fakes a network has learnt, CIFAKE's first.

        Raises:
            ModelUnavailableError: If a card is missing or not readable.
        """
        return scope.known_generators(network, self._models)
