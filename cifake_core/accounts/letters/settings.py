"""Settings of mail: which server sends it, as whom; none, unless they are set."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from cifake_core.accounts.errors import AccountError
from cifake_core.accounts.settings import (
    ADDRESS_VARIABLE,
    is_loopback,
    public_address,
    secret,
)
from cifake_core.accounts.user_rows import read_email
from cifake_core.basics.errors import SettingError

SMTP_VARIABLE: Final = "CIFAKE_SMTP_URL"
SENDER_VARIABLE: Final = "CIFAKE_SMTP_FROM"

#: Ports by scheme: `smtp` turns to TLS by STARTTLS, `smtps` speaks it from the start.
_PORTS: Final[Mapping[str, int]] = {"smtp": 587, "smtps": 465}
#: How they are to be.
_HOW: Final = (
    f"{SMTP_VARIABLE} is to be as smtp://user:password@mail.example.org:587, or "
    f"smtps:// for TLS from the start, and {SENDER_VARIABLE} the address that letters "
    "come from."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class SmtpSettings:
    """Server that sends mail; `address` is that of our pages, to which links lead.

    `is_tls` from the start; else STARTTLS comes first, but on this machine.
    """

    host: str
    port: int
    is_tls: bool
    user: str
    password: str = field(repr=False)
    sender: str
    address: str

    @property
    def is_here(self) -> bool:
        """Whether the server is on this machine, so that nothing leaves it."""
        return is_loopback(self.host)


def read_smtp(environment: Mapping[str, str]) -> SmtpSettings | None:
    """The server that sends mail, None if there is none.

    Args:
        environment: variables by name, such as `os.environ`.

    Raises:
        SettingError: If something cannot be what it is, or lacks; no password is told.
    """
    url = secret(environment, SMTP_VARIABLE)
    if not url:
        return None
    address = public_address(environment)
    if not address:
        msg = (
            f"To send links by mail set {ADDRESS_VARIABLE} to where they lead, such as "
            "https://cifake.example.org."
        )
        raise SettingError(msg)
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
        sender = read_email(environment.get(SENDER_VARIABLE, ""))
    except (ValueError, KeyError, AccountError):
        raise SettingError(_HOW) from None  # the cause may have the password
    if not parts.hostname or parts.path.strip("/"):
        raise SettingError(_HOW)
    return SmtpSettings(
        host=parts.hostname,
        port=port,
        is_tls=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        sender=sender,
        address=address,
    )
