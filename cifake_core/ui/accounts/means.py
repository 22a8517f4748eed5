"""Means of the door: accounts, and who helps with them, as the environment says."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from cifake_core.accounts.letters.outbox import LINK, Outbox
from cifake_core.accounts.letters.settings import read_smtp
from cifake_core.accounts.oidc.settings import OidcSettings, read_oidc
from cifake_core.accounts.settings import (
    accounts_in_use,
    accounts_mode,
    public_address,
)
from cifake_core.accounts.store import Store
from cifake_core.basics.places import user_data_folder


@dataclass(frozen=True, kw_only=True, slots=True)
class Means:
    """What pages of accounts work with.

    Without an `outbox` nothing is mailed. With a `provider` there are no passwords.
    """

    store: Store
    outbox: Outbox | None = None
    provider: OidcSettings | None = None
    address: str = ""

    def link(self, token: str, request: Request) -> str:
        """A one-time link in full, as somebody hands it on."""
        address = self.address or str(request.base_url).rstrip("/")
        return f"{address}{LINK}#{token}"


def means_in_use(environment: Mapping[str, str]) -> Means | None:
    """What the environment sets; None without accounts.

    Args:
        environment: variables by name, such as `os.environ`.

    Raises:
        SettingError: If a setting is missing, or cannot be what it is.
    """
    store = accounts_in_use(user_data_folder(), environment)
    if store is None:
        return None
    provider, outbox = None, None
    if accounts_mode(environment) == "oidc":
        provider = read_oidc(environment)
    elif smtp := read_smtp(environment):
        outbox = Outbox(store, smtp)
    address = public_address(environment)
    return Means(store=store, outbox=outbox, provider=provider, address=address)
