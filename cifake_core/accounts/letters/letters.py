"""Letters: what one with a one-time link says, and how it is sent."""

import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from typing import Final

from cifake_core.accounts.letters.settings import SmtpSettings
from cifake_core.accounts.links import LASTS
from cifake_core.accounts.records import LinkKind

#: Seconds that the server may take for each answer.
PATIENCE: Final = 20

_SUBJECTS: Final[Mapping[LinkKind, str]] = {
    "invitation": "Your invitation to CIFAKE: real or generated?",
    "reset": "Another password for CIFAKE: real or generated?",
}
_TEXTS: Final[Mapping[LinkKind, str]] = {
    "invitation": (
        "You are invited to use “CIFAKE: real or generated?” at {address}.\n"
        "Open this link to choose a password. It can be used once, within {lasts}:\n\n"
        "{link}\n\n"
        "If you did not expect it, do nothing: no account is made then.\n"
    ),
    "reset": (
        "Somebody asked for another password for your account at {address}.\n"
        "Open this link to choose it. It can be used once, within {lasts}:\n\n"
        "{link}\n\n"
        "If it was not you, do nothing: your password stays as it is.\n"
    ),
}


def link_letter(
    kind: LinkKind, email: str, link: str, settings: SmtpSettings
) -> EmailMessage:
    """Letter with a one-time link.

    Args:
        kind: what the link is for, an invitation or another password.
        email: of the receiver.
        link: in full.
        settings: say who sends it.
    """
    days = LASTS[kind].days
    letter = EmailMessage()
    letter["Subject"] = _SUBJECTS[kind]
    letter["From"] = settings.sender
    letter["To"] = email
    letter["Auto-Submitted"] = "auto-generated"  # so that no absence answers it
    text = _TEXTS[kind].format(
        address=settings.address,
        lasts="a day" if days == 1 else f"{days} days",
        link=link,
    )
    letter.set_content(text)
    return letter


def send(letter: EmailMessage, settings: SmtpSettings) -> None:
    """Send a letter, by TLS unless the server is on this machine.

    Raises:
        OSError: If the server cannot be reached, does not speak TLS, or refuses;
            `smtplib.SMTPException` is one.
    """
    context = ssl.create_default_context()
    with (
        smtplib.SMTP_SSL(
            settings.host, settings.port, timeout=PATIENCE, context=context
        )
        if settings.is_tls
        else smtplib.SMTP(settings.host, settings.port, timeout=PATIENCE)
    ) as server:
        if not (settings.is_tls or settings.is_here):
            server.starttls(context=context)
        if settings.user:
            server.login(settings.user, settings.password)
        server.send_message(letter)
