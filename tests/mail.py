"""Mail server for tests: a real one on the loopback, with what it got."""

import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.providers import free_port

#: What a sender logs in with, where the server asks for it.
USER, PASSWORD = "cifake@example.org", "of the server: 7/x"


@dataclass
class Box:
    """What the server at `port` got, and how it behaves."""

    port: int
    letters: list[EmailMessage] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    seconds: float = 0.0
    refusal: str = ""

    def takes(self, data: bytes) -> str:
        """Keep a letter, or refuse it; what the server says."""
        time.sleep(self.seconds)
        if self.refusal:
            return self.refusal
        self.letters.append(message_from_bytes(data, policy=policy.default))
        return "250 Taken"

    async def handle_DATA(self, _server, _session, envelope: Envelope) -> str:  # noqa: N802
        """Take a letter, as aiosmtpd asks."""
        return self.takes(envelope.content)

    def log_in(self, _server, _session, _envelope, _way, data: LoginPassword):
        """Let a sender in who knows the password."""
        self.logins.append((data.login, data.password))
        is_right = data.password == PASSWORD.encode()
        return AuthResult(success=is_right, handled=False)


@contextmanager
def mail_server(
    *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None
) -> Iterator[Box]:
    """Mail server that runs in the context.

    Args:
        tls: it speaks it from the start.
        starttls: it turns to it, before all else.
    """
    box = Box(port=free_port())
    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=box.port,
        ssl_context=tls,
        tls_context=starttls,
        require_starttls=starttls is not None,
        authenticator=box.log_in,
        auth_require_tls=False,
    )
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def certificate(folder: Path, host: str) -> tuple[ssl.SSLContext, Path]:
    """TLS of a server of that name, and the file of who vouches for it: itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    kind = serialization.Encoding.PEM
    known, secret = folder / f"{host}.pem", folder / f"{host}.key"
    known.write_bytes(made.public_bytes(kind))
    form = serialization.PrivateFormat.PKCS8
    secret.write_bytes(key.private_bytes(kind, form, serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(known, secret)
    return context, known
