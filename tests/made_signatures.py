"""Signed pictures, made here: an authority, a signer, and pictures that it signs."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import (
    AuthorityInformationAccessOID,
    ExtendedKeyUsageOID,
    NameOID,
)

from cifake_core.provenance.trust_list import TrustList
from tests import made_data

AI: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
CAPTURE: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
#: Types by the names that Pillow gives formats.
TYPES: Final[Mapping[str, str]] = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "GIF": "image/gif",
    "TIFF": "image/tiff",
    "AVIF": "image/avif",
}
_KEY_USAGES: Final = (
    *("digital_signature", "content_commitment", "key_encipherment"),
    *("data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"),
    *("encipher_only", "decipher_only"),
)
_PEM: Final = serialization.Encoding.PEM


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority's certificate, a signer's that it vouches for, and the key."""

    root: str
    chain: bytes
    key: bytes


def authority(name: str = "Example Camera", *, ocsp: str = "") -> Authority:
    """A new authority with one signer.

    Args:
        name: of the signer.
        ocsp: the address at which the certificate says that it is to be checked.
    """
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name = _named("Example Root")
    root = (
        _certificate(root_name, root_name, root_key.public_key(), number=1)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    builder = (
        _certificate(_named(name), root_name, key.public_key(), number=2)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage("digital_signature"), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]),
            critical=False,
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()),
            critical=False,
        )
    )
    if ocsp:
        access = x509.AccessDescription(
            AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(ocsp)
        )
        builder = builder.add_extension(
            x509.AuthorityInformationAccess([access]), critical=False
        )
    signer = builder.sign(root_key, hashes.SHA256())
    return Authority(
        root=root.public_bytes(_PEM).decode(),
        chain=signer.public_bytes(_PEM) + root.public_bytes(_PEM),
        key=key.private_bytes(
            _PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    )


def trust_list(*authorities: Authority) -> TrustList:
    """A trust list of these authorities, of 1 November 2026."""
    return TrustList(
        certificates=tuple(each.root for each in authorities),
        place="made in a test",
        fetched="2026-11-01",
        sha256="0" * 64,
    )


def signed(
    by: Authority,
    *,
    kind: str = "JPEG",
    source_type: str = AI,
    remote: str = "",
    embedded: bool = True,
) -> bytes:
    """A picture file that this authority's signer has signed.

    Args:
        by: whose signer.
        kind: the format, as Pillow names it.
        source_type: IPTC's address for how it was made.
        remote: the address at which its statement is said to lie, too.
        embedded: whether the statement is in the file.
    """
    action = {
        "action": "c2pa.created",
        "digitalSourceType": source_type,
        "softwareAgent": {"name": "Example Painter"},
    }
    builder = c2pa.Builder(
        {
            "claim_generator_info": [{"name": "Example App", "version": "1.0"}],
            "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [action]}}],
        }
    )
    if remote:
        builder.set_remote_url(remote)
    if not embedded:
        builder.set_no_embed()
    info = c2pa.C2paSignerInfo(b"es256", by.chain, by.key, None)
    picture = BytesIO(made_data.saved(made_data.noise(height=64, width=64), kind))
    out = BytesIO()
    with c2pa.Signer.from_info(info) as signer:
        builder.sign(signer, TYPES[kind], picture, out)
    return out.getvalue()


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    *,
    number: int,
) -> x509.CertificateBuilder:
    """A certificate to be signed, of a month."""
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(number)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _named(name: str) -> x509.Name:
    """A name in a certificate."""
    parts = {
        NameOID.COMMON_NAME: name,
        NameOID.ORGANIZATION_NAME: f"{name} Ltd",
        NameOID.COUNTRY_NAME: "DE",
    }
    return x509.Name([x509.NameAttribute(key, value) for key, value in parts.items()])


def _usage(*allowed: str) -> x509.KeyUsage:
    """What a key may be used for."""
    return x509.KeyUsage(**{usage: usage in allowed for usage in _KEY_USAGES})
