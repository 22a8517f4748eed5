"""Tokens: random words that let in whoever has them; the database has their hashes."""

import hashlib
import secrets
from typing import Final

_NUM_BYTES: Final = 32


def new_token() -> str:
    """A token of 256 random bits, of letters that an address may have."""
    return secrets.token_urlsafe(_NUM_BYTES)


def token_hash(token: str) -> str:
    """SHA-256 of a token; as it is random, no slow hash is needed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
