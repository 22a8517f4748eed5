"""Whether there are accounts: off, unless the environment says otherwise."""

from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args
from urllib.parse import urlsplit

from cifake_core.basics.errors import SettingError

if TYPE_CHECKING:  # so that who has no accounts does not wait for SQLAlchemy
    from cifake_core.accounts.store import Store

#: "local" accounts have passwords here; with "oidc" a provider of OpenID Connect says
#: who somebody is.
Mode: TypeAlias = Literal["local", "oidc"]
MODES: Final[tuple[Mode, ...]] = get_args(Mode)

#: The environment variable that switches accounts on.
VARIABLE: Final = "CIFAKE_ACCOUNTS"
#: The environment variable with the address by which browsers reach the pages.
ADDRESS_VARIABLE: Final = "CIFAKE_PUBLIC_URL"
#: Name of the cookie with the token of a browser's session.
SESSION_COOKIE: Final = "cifake_session"


def accounts_mode(environment: Mapping[str, str]) -> Mode | None:
    """Who says who somebody is; None without accounts.

    Args:
        environment: variables by name, such as `os.environ`.

    Raises:
        SettingError: If the variable has a value that is not known: a server that was
            to be guarded must not start unguarded.
    """
    text = environment.get(VARIABLE, "")
    if not text:
        return None
    for mode in MODES:
        if text == mode:
            return mode
    known = " or ".join(map(repr, MODES))
    msg = f"{VARIABLE} is {known}, or not set for no accounts, but is set to {text!r}."
    raise SettingError(msg)


def accounts_are_on(environment: Mapping[str, str]) -> bool:
    """Whether who asks must be known.

    Raises:
        SettingError: As for `accounts_mode`.
    """
    return accounts_mode(environment) is not None


def accounts_in_use(user_data: Path, environment: Mapping[str, str]) -> "Store | None":
    """The accounts in the user's database, or None if they are off.

    Args:
        user_data: the user's folder.
        environment: variables by name, such as `os.environ`.

    Raises:
        SettingError: As for `accounts_mode`.
    """
    if not accounts_are_on(environment):
        return None
    from cifake_core.accounts.store import Store  # noqa: PLC0415 - imports slowly

    return Store(user_data)


def secret(environment: Mapping[str, str], name: str) -> str:
    """A secret: the variable of that name, or the file that `NAME_FILE` names, or "".

    Raises:
        SettingError: If the file cannot be read. It does not tell what is in it.
    """
    place = environment.get(f"{name}_FILE", "")
    if not place:
        return environment.get(name, "")
    try:
        return Path(place).expanduser().read_text("utf-8").strip()
    except (OSError, ValueError) as error:
        msg = f"{name}_FILE is to name a readable file of text, but is {place!r}."
        raise SettingError(msg) from error


def public_address(environment: Mapping[str, str]) -> str:
    """The address by which browsers reach the pages, without a last "/"; or "".

    Raises:
        SettingError: If it is none.
    """
    text = environment.get(ADDRESS_VARIABLE, "").rstrip("/")
    parts = urlsplit(text)
    is_one = parts.scheme in ("http", "https") and parts.netloc and not parts.path
    if text and (not is_one or parts.query or parts.fragment or "@" in parts.netloc):
        msg = (
            f"{ADDRESS_VARIABLE} is the address by which browsers reach the pages, "
            f"such as https://cifake.example.org, but is set to {text!r}."
        )
        raise SettingError(msg)
    return text


def is_loopback(host: str | None) -> bool:
    """Whether a machine of that name is this one, so that nothing leaves it."""
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return host == "localhost"
