"""Provider of log-ins: asked by the authorization code flow with PKCE.

Authlib, with which Streamlit's own login is made as well, speaks the protocol and
checks the token. Sources: OpenID Connect Core 1.0; RFC 7636, Proof Key for Code
Exchange; OpenID Connect RP-Initiated Logout 1.0.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from authlib.integrations.base_client import (
    BaseApp,
    FrameworkIntegration,
    OAuth2Mixin,
    OAuthError,
    OpenIDMixin,
)
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import BadSignatureError, JoseError
from requests import RequestException

from cifake_core.accounts.errors import ProviderDownError, ProviderRefusedError
from cifake_core.accounts.oidc.settings import WELL_KNOWN, OidcSettings

#: Where the provider sends a browser back to.
CALLBACK: Final = "/account/oidc/callback"

_SCOPE: Final = "openid email profile"
#: Seconds that the provider may take for each answer.
_PATIENCE: Final = 10
#: Seconds by which its clock may differ from ours.
_LEEWAY: Final = 60
#: Signatures that need a key which the provider alone has.
_SIGNATURES: Final = frozenset(
    f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)
) | {"EdDSA"}
#: Ways to send our secret; the first is every provider's that names none.
_BASIC: Final = "client_secret_basic"
_POST: Final = "client_secret_post"
#: An error's name as the protocol has it, so that nothing else comes into a log.
_NAME: Final = re.compile("[a-z_]{1,40}")
#: What is raised for an answer that is not as the protocol has it.
_WRONG: Final = (
    *(OAuthError, JoseError, ValueError, TypeError, LookupError),
    *(AttributeError, RuntimeError),
)
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Begun:
    """Log-in that has begun: what this browser's callback must show, or proves."""

    state: str
    nonce: str
    code_verifier: str


class _Client(OAuth2Mixin, OpenIDMixin, BaseApp):  # type: ignore[misc]
    """Authlib's client without a web framework; it keeps no tokens."""

    client_cls = OAuth2Session


class Provider:
    """Provider of log-ins; its description is read when it is first needed.

    Args:
        settings: say which.
    """

    def __init__(self, settings: OidcSettings) -> None:
        self.settings = settings
        self._client = _Client(
            FrameworkIntegration("oidc"),
            name="oidc",
            client_id=settings.client_id,
            client_secret=settings.client_secret or None,
            server_metadata_url=settings.issuer + WELL_KNOWN,
            client_kwargs={
                "scope": _SCOPE,
                "code_challenge_method": "S256",
                "default_timeout": _PATIENCE,
            },
        )

    def begin(self) -> tuple[str, Begun]:
        """Address where a browser logs in, and what it must come back with.

        Raises:
            ProviderDownError: If the provider does not say where.
        """
        with self._asking():
            self._describe()
            made = self._client.create_authorization_url(
                self.settings.address + CALLBACK,
                prompt="select_account",  # whoever sits there now, not who sat before
            )
        names = ("state", "nonce", "code_verifier")
        return made["url"], Begun(**{name: made[name] for name in names})

    def finish(self, code: str, begun: Begun) -> Mapping[str, Any]:
        """What the provider says of who has logged in: "iss", "sub" and more.

        Args:
            code: that the browser came back with.
            begun: the log-in that it began.

        Raises:
            ProviderDownError: If the provider cannot be asked.
            ProviderRefusedError: If it refuses, or its token cannot be trusted.
        """
        with self._asking():
            self._describe()
            token = self._client.fetch_access_token(
                self.settings.address + CALLBACK,
                code=code,
                code_verifier=begun.code_verifier,
            )
            told = self._trusted(token, begun.nonce)
            return {**self._more(token, told["sub"]), **told}

    def _trusted(self, token: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        """What a token says, once its signature and all else is as it must be."""
        if "id_token" not in token:
            raise OAuthError(error="no_id_token")
        parse = partial(self._client.parse_id_token, token, nonce, leeway=_LEEWAY)
        try:
            return parse()
        except BadSignatureError:  # a provider may change its key and not name it
            self._client.fetch_jwk_set(force=True)
            return parse()

    def leave(self) -> str:
        """Address where a browser logs out at the provider, too.

        It is "" if the provider has none, or was not asked for anything yet: nobody
        waits here for its description.
        """
        place = self._client.server_metadata.get("end_session_endpoint", "")
        query = {
            "client_id": self.settings.client_id,
            "post_logout_redirect_uri": f"{self.settings.address}/account/login",
        }
        return (
            f"{place}{'&' if '?' in place else '?'}{urlencode(query)}" if place else ""
        )

    def _describe(self) -> Mapping[str, Any]:
        """The provider's description of itself, which is kept."""
        known: dict[str, Any] = self._client.load_server_metadata()
        if known.get("issuer") != self.settings.issuer:
            known.clear()  # it is read again: somebody may mend it
            raise OAuthError(error="another_issuer")
        listed = known.get("id_token_signing_alg_values_supported") or ["RS256"]
        usable = [each for each in listed if each in _SIGNATURES]
        if not usable:
            raise OAuthError(error="no_usable_signature")
        known["id_token_signing_alg_values_supported"] = usable
        methods = known.get("token_endpoint_auth_methods_supported") or [_BASIC]
        if self.settings.client_secret and _BASIC not in methods and _POST in methods:
            self._client.client_kwargs["token_endpoint_auth_method"] = _POST
        return known

    def _more(self, token: Mapping[str, Any], subject: str) -> Mapping[str, Any]:
        """What the provider says only when it is asked once more."""
        if "userinfo_endpoint" not in self._client.server_metadata:
            return {}
        more: Mapping[str, Any] = self._client.userinfo(token=token)
        if more.get("sub") != subject:
            raise OAuthError(error="another_subject")
        return more

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Context in which what goes wrong is told in a sentence, without a secret."""
        try:
            yield
        except RequestException as error:
            _LOG.warning("%s does not answer: %s", self.settings.host, _kind(error))
            msg = (
                f"{self.settings.host}, where one logs in, does not answer now. Try "
                "again in a minute; if it stays so, tell an administrator."
            )
            raise ProviderDownError(msg) from None
        except _WRONG as error:
            _LOG.warning("%s lets nobody in: %s", self.settings.host, _kind(error))
            msg = (
                f"The answer of {self.settings.host} cannot be trusted "
                f"({_kind(error)}). Log in again; if it stays so, tell an "
                "administrator."
            )
            raise ProviderRefusedError(msg) from None


def _kind(error: Exception) -> str:
    """What kind of error it is; its text may have a code or a token in it."""
    name = getattr(error, "error", "")
    if isinstance(name, str) and _NAME.fullmatch(name):
        return name
    return type(error).__name__
