"""Refusals of accounts: unknown, not allowed, too early, or not usable."""

from cifake_core.basics.errors import CifakeError


class AccountError(CifakeError):
    """A user, key, link or password that is gone, or cannot be what is asked."""


class UnknownCallerError(CifakeError):
    """Somebody of whom it is not known who they are."""


class NotAllowedError(CifakeError):
    """Somebody who is known, and may not do this."""


class ProviderRefusedError(CifakeError):
    """Somebody whom a provider of log-ins has named, and who is not let in here."""


class StaleAnswerError(CifakeError):
    """A provider's answer that was used before, or is too old to be used."""


class TooEarlyError(CifakeError):
    """Somebody who must wait first.

    Args:
        sentence: says so.
        seconds: to wait, 1 or more.
    """

    def __init__(self, sentence: str, *, seconds: int) -> None:
        super().__init__(sentence)
        self.seconds = seconds
