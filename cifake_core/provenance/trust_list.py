"""Trust list: certificates whose signatures of pictures are trusted, and since when."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar, Final

from cryptography.x509 import load_pem_x509_certificate

from cifake_core.basics.artefacts import Artefact
from cifake_core.basics.errors import SettingError
from cifake_core.basics.fetching import fetched

#: Where C2PA publishes the list for its conformance programme.
OFFICIAL: Final = (
    "https://raw.githubusercontent.com/c2pa-org/conformance-public/main/"
    "trust-list/C2PA-TRUST-LIST.pem"
)
#: The file in the folder of user data.
TRUST_LIST_FILE: Final = "trusted-signers.json"
FETCH: Final = "python -m cifake_core signers fetch"

_CERTIFICATE: Final = re.compile(
    "-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL
)
#: Bytes of a list at most; the official one has 24,000.
_MAX_BYTES: Final = 4 * 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class TrustList:
    """Trust list: certificates in PEM, where they came from, and on which day.

    `sha256` is the hash of the list as it came.
    """

    SCHEMA: ClassVar[int] = 1

    certificates: tuple[str, ...]
    place: str
    fetched: str
    sha256: str

    @property
    def pem(self) -> str:
        """The certificates in one text."""
        return "\n".join(self.certificates) + "\n"


def artefact(user_data: Path) -> Artefact:
    """The list in the folder of user data.

    Args:
        user_data: the user's folder.
    """
    return Artefact(
        user_data / TRUST_LIST_FILE,
        "list of trusted signers",
        f"Get it by `{FETCH}`.",
    )


def fetch(place: str, *, today: date) -> TrustList:
    """Trust list of a file or an address; not kept yet.

    Args:
        place: a path, or an address that begins with https://.
        today: the day that stands on it.

    Raises:
        SettingError: If it cannot be had, or holds no certificates.
    """
    held = fetched(place, what="list of signers", kind="PEM file", max_bytes=_MAX_BYTES)
    found = tuple(
        block
        for block in _CERTIFICATE.findall(held.decode("utf-8", "replace"))
        if _is_whole(block)
    )
    if not found:
        msg = (
            f"{place} holds no certificates. Expected a PEM file, with lines "
            "“BEGIN CERTIFICATE”."
        )
        raise SettingError(msg)
    return TrustList(
        certificates=found,
        place=place,
        fetched=today.isoformat(),
        sha256=hashlib.sha256(held).hexdigest(),
    )


def _is_whole(block: str) -> bool:
    """Whether a block of PEM is a certificate; behind one that is none, none counts."""
    try:
        load_pem_x509_certificate(block.encode())
    except ValueError:
        return False
    return True
