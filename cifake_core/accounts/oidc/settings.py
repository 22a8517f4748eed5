"""Settings of the provider of log-ins: all from the environment, the secret or a file.

Source: OpenID Connect Discovery 1.0.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from cifake_core.accounts.roles import ROLES, Role
from cifake_core.accounts.settings import (
    ADDRESS_VARIABLE,
    is_loopback,
    public_address,
    secret,
)
from cifake_core.basics.errors import SettingError

DISCOVERY_VARIABLE: Final = "CIFAKE_OIDC_DISCOVERY_URL"
CLIENT_VARIABLE: Final = "CIFAKE_OIDC_CLIENT_ID"
SECRET_VARIABLE: Final = "CIFAKE_OIDC_CLIENT_SECRET"  # noqa: S105 - its name
CLAIM_VARIABLE: Final = "CIFAKE_OIDC_ROLE_CLAIM"
ROLES_VARIABLE: Final = "CIFAKE_OIDC_ROLES"

#: Ends the address of every provider's description of itself.
WELL_KNOWN: Final = "/.well-known/openid-configuration"


@dataclass(frozen=True, kw_only=True, slots=True)
class OidcSettings:
    """A provider, and what this server is to it.

    `issuer` is its name, `address` that of these pages. The values of `role_claim` are
    roles by `roles`; without a claim roles are given here, not there.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    address: str
    role_claim: str
    roles: Mapping[str, Role]

    @property
    def host(self) -> str:
        """Name of the provider's machine, by which people know it."""
        return urlsplit(self.issuer).hostname or self.issuer

    @property
    def cookie_secret(self) -> str:
        """What signs cookies of the log-in: the same on each server of a team.

        Who has only this does not have the provider's secret.
        """
        return hmac.digest(
            self.client_secret.encode(), b"cookies of the log-in", "sha256"
        ).hex()


def read_oidc(environment: Mapping[str, str]) -> OidcSettings:
    """The provider that is set.

    Args:
        environment: variables by name, such as `os.environ`.

    Raises:
        SettingError: If one is missing, or cannot be what it is.
    """
    address = public_address(environment)
    client_id = environment.get(CLIENT_VARIABLE, "")
    for name, value, example in (
        (CLIENT_VARIABLE, client_id, "the name that the provider gave this server"),
        (ADDRESS_VARIABLE, address, "https://cifake.example.org"),
    ):
        if not value:
            msg = f"To log in by a provider set {name}, such as {example}."
            raise SettingError(msg)
    client_secret = secret(environment, SECRET_VARIABLE)
    if not client_secret:
        msg = (
            f"To log in by a provider set {SECRET_VARIABLE}, or {SECRET_VARIABLE}_FILE "
            "to a file that has it: the secret that the provider gave this server."
        )
        raise SettingError(msg)
    return OidcSettings(
        issuer=_read_issuer(environment.get(DISCOVERY_VARIABLE, "")),
        client_id=client_id,
        client_secret=client_secret,
        address=address,
        role_claim=environment.get(CLAIM_VARIABLE, ""),
        roles=_read_roles(environment.get(ROLES_VARIABLE, "")),
    )


def _read_issuer(url: str) -> str:
    """Name of the provider that describes itself there."""
    parts = urlsplit(url)
    is_safe = parts.scheme == "https" or (
        parts.scheme == "http" and is_loopback(parts.hostname)
    )
    if not (is_safe and parts.hostname and url.endswith(WELL_KNOWN)):
        msg = (
            f"{DISCOVERY_VARIABLE} is the address of the provider's description, such "
            f"as https://login.example.org{WELL_KNOWN}; http:// only on this machine. "
            f"It is set to {url!r}."
        )
        raise SettingError(msg)
    return url.removesuffix(WELL_KNOWN)


def _read_roles(text: str) -> Mapping[str, Role]:
    """Roles by the values of the claim; without a setting they have the same names."""
    if not text:
        return {role: role for role in ROLES}
    try:
        named = json.loads(text)
        known: dict[object, Role] = {role: role for role in ROLES}
        return {value: known[role] for value, role in named.items()}
    except (ValueError, AttributeError, TypeError, KeyError) as error:
        msg = (
            f"{ROLES_VARIABLE} is JSON with a role ({', '.join(ROLES)}) for values of "
            f'the claim, such as {{"editors": "analyst"}}, but is set to {text!r}.'
        )
        raise SettingError(msg) from error
