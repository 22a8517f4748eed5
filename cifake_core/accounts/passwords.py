"""Passwords: Argon2id, which is slow on purpose, and what is too easily guessed.

Source: RFC 9106, its second recommended option, as argon2-cffi has it by default;
Wheeler, zxcvbn: Low-Budget Password Strength Estimation, USENIX Security 2016, whose
library (MIT) brings its lists of common passwords, names and words.
"""

import secrets
import threading
import unicodedata
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from zxcvbn import zxcvbn

from cifake_core.accounts.errors import AccountError

MIN_LENGTH: Final = 10
MAX_LENGTH: Final = 200
#: Letters of a password that its strength is measured by; more take long.
_MEASURED: Final = 64
#: Of zxcvbn's scores from 0 to 4 the least that no ten thousand guesses find.
_MIN_SCORE: Final = 2

_HASHER: Final = PasswordHasher()
#: Two at a time: each takes 64 MiB, and whoever sends many must not take all of it.
_TURNS: Final = threading.BoundedSemaphore(2)


def check_password(password: str, *known: str) -> None:
    """Refuse a password that is too short, too long, or easily guessed.

    Args:
        password: as it was typed.
        known: of its owner, such as name and e-mail; all of it is guessed first.

    Raises:
        AccountError: With what to do.
    """
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        msg = (
            f"Expected a password of {MIN_LENGTH} to {MAX_LENGTH} letters. Received "
            f"{len(password)}. Choose several words that do not belong together."
        )
        raise AccountError(msg)
    words = [part for each in known for part in (each, *each.split("@"))]
    measured = zxcvbn(password[:_MEASURED], user_inputs=words)
    if measured["score"] < _MIN_SCORE:
        reason = measured["feedback"]["warning"] or "It is guessed soon."
        msg = (
            f"This password is too easily guessed. {reason.rstrip('.')}. Choose "
            "several words that do not belong together."
        )
        raise AccountError(msg)


def password_hash(password: str) -> str:
    """The Argon2id hash of a password, with its salt and parameters."""
    with _TURNS:
        return _HASHER.hash(_normal(password))


def is_password(password: str, kept: str) -> bool:
    """Whether a password has that hash; "" takes as long, and no password has it."""
    with _TURNS:
        try:
            return _HASHER.verify(kept or _nobodys(), _normal(password)) and bool(kept)
        except (Argon2Error, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    """A hash whose password nobody has."""
    return _HASHER.hash(secrets.token_urlsafe())


def _normal(password: str) -> bytes:
    """The same letters in the same code, whatever keyboard they were typed on.

    One letter more than a password may have is enough to be another.
    """
    letters = unicodedata.normalize("NFKC", password[: MAX_LENGTH + 1])
    return letters.encode("utf-8", "surrogatepass")
