"""Refusals of accounts: unknown, not allowed, too early, or not usable."""

from cifake_core.basics.errors import CifakeError


class AccountError(CifakeError):
    """A user, key, link or password that is gone, or cannot be what is asked."""


class UnknownCallerError(CifakeError):
    """Somebody of whom it is not known who they are."""


class NotAllowedError(CifakeError):
    """Somebody who is known, and may not do this."""


class ProviderDownError(CifakeError):
    """A provider of log-ins that cannot be asked now."""


class ProviderRefusedError(CifakeError):
    """A log-in that its provider refused, or whose answer cannot be trusted."""


class TooEarlyError(CifakeError):
    """Somebody who must wait first.

    Args:
        sentence: says so.
        seconds: to wait, 1 or more.
    """

    def __init__(self, sentence: str, *, seconds: int) -> None:
        super().__init__(sentence)
        self.seconds = seconds
