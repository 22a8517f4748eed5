"""Letters: real mail servers, with and without TLS, and what no letter may tell."""

import logging
import os
import re
import socket
import time

import pytest

from cifake_core.accounts.audit import Audit
from cifake_core.accounts.letters import outbox
from cifake_core.accounts.letters.outbox import Outbox
from cifake_core.accounts.letters.settings import (
    SENDER_VARIABLE,
    SMTP_VARIABLE,
    SmtpSettings,
    read_smtp,
)
from cifake_core.accounts.links import Links
from cifake_core.accounts.settings import ADDRESS_VARIABLE
from cifake_core.accounts.users import Users
from cifake_core.basics.errors import SettingError
from cifake_core.basics.places import DATABASE_FILE
from tests.accounts.conftest import ADMIN, PASSWORD, ROOT, added
from tests.mail import PASSWORD as OF_SERVER
from tests.mail import USER, Box, certificate, mail_server

LOGIN = "cifake%40example.org:of%20the%20server%3A%207%2Fx@"
NEW = "copper window thistle 5"
pytestmark = pytest.mark.filterwarnings(
    "ignore:Requiring AUTH while not requiring TLS:UserWarning",
    "ignore:auth_required:UserWarning",
)


def settings(url: str) -> SmtpSettings:
    """Settings of a server at that URL."""
    read = read_smtp(
        {
            SMTP_VARIABLE: url,
            SENDER_VARIABLE: "cifake@example.org",
            ADDRESS_VARIABLE: "https://cifake.example.org",
        }
    )
    assert read is not None
    return read


def outbox_to(box: Box, store, login: str = "", host: str = "127.0.0.1") -> Outbox:
    """Outbox of a server."""
    return Outbox(store, settings(f"smtp://{login}{host}:{box.port}"))


def told(store) -> list[tuple[str, str, str]]:
    """What the audit says of letters."""
    return [
        (each.action, each.subject, each.result)
        for each in Audit(store).lines()
        if each.action.startswith("letter")
    ]


def test_settings_are_read_with_their_ports():
    """TLS by STARTTLS or from the start; name and password as they are meant."""
    first = settings(f"smtp://{LOGIN}mail.example.org")
    assert (first.host, first.port, first.is_tls) == ("mail.example.org", 587, False)
    assert (first.user, first.password) == (USER, OF_SERVER)
    assert OF_SERVER not in repr(first)
    assert not first.is_here
    second = settings("smtps://mail.example.org")
    assert (second.port, second.is_tls, second.user) == (465, True, "")
    assert settings("smtp://localhost:25").is_here
    assert read_smtp({}) is None


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        (SMTP_VARIABLE, "mail.example.org", "is to be as smtp://"),
        (SMTP_VARIABLE, "http://secret@mail.example.org", "is to be as smtp://"),
        (SMTP_VARIABLE, "smtp://secret@:25", "is to be as smtp://"),
        (SMTP_VARIABLE, "smtp://secret@h:port", "is to be as smtp://"),
        (SMTP_VARIABLE, "smtp://[secret", "is to be as smtp://"),
        (SMTP_VARIABLE, "smtp://u:secret@h/x", "is to be as smtp://"),
        (SENDER_VARIABLE, "nobody", "the address that letters come from"),
        (ADDRESS_VARIABLE, "", "where they lead"),
        (f"{SMTP_VARIABLE}_FILE", "no/such/file", "a readable file"),
    ],
)
def test_wrong_settings_are_told_without_the_password(name, value, sentence):
    """One sentence says how they are to be."""
    right = {
        SMTP_VARIABLE: "smtp://u:secret@h",
        SENDER_VARIABLE: "a@example.org",
        ADDRESS_VARIABLE: "https://cifake.example.org",
    }
    with pytest.raises(SettingError, match=sentence) as error:
        read_smtp(right | {name: value})
    assert "secret" not in str(error.value)


def test_a_password_may_be_in_a_file(tmp_path):
    """As orchestrators hand them out."""
    (tmp_path / "url").write_text("smtp://u:pw@mail.example.org\n")
    read = read_smtp(
        {
            f"{SMTP_VARIABLE}_FILE": str(tmp_path / "url"),
            SENDER_VARIABLE: "a@example.org",
            ADDRESS_VARIABLE: "https://cifake.example.org/",
        }
    )
    assert read is not None
    assert (read.password, read.address) == ("pw", "https://cifake.example.org")


def test_who_has_forgotten_gets_a_link(database, store, ann):
    """It gives another password, once; nobody else gets a letter."""
    assert database
    with mail_server() as box:
        sender = outbox_to(box, store, LOGIN)
        sender.forgotten("nobody@example.org", source="127.0.0.1")
        sender.forgotten(ann, source="127.0.0.1")
        sender.wait()
        (letter,) = box.letters

    assert box.logins == [(USER.encode(), OF_SERVER.encode())]
    assert (letter["To"], letter["From"]) == (ann, "cifake@example.org")
    link = re.search(
        r"https://cifake\.example\.org/account/link#(\S+)", letter.get_content()
    )
    assert link
    Links(store).use(link[1], NEW, source="test")
    assert told(store) == [("letter.reset", ann, "sent")]
    assert Audit(store).verify()[0] > 0


def test_no_box_is_filled(store, ann, clock):
    """After each letter come longer waits; who is shut out gets none."""
    with mail_server() as box:
        sender = outbox_to(box, store)

        def ask() -> int:
            sender.forgotten(ann, source="127.0.0.1")
            sender.wait()
            return len(box.letters)

        assert [ask(), ask()] == [1, 1]
        clock.go(minutes=9)
        assert ask() == 1
        clock.go(minutes=1)
        assert [ask(), ask()] == [2, 2]
        clock.go(minutes=19)
        assert ask() == 2
        clock.go(minutes=1)
        assert ask() == 3
        clock.go(days=2)
        assert ask() == 4
        added(store, "bob@example.org")
        Users(store).set_active("bob@example.org", is_active=False, by=ROOT)
        sender.forgotten("bob@example.org", source="127.0.0.1")
        sender.wait()
        assert len(box.letters) == 4


def test_a_server_that_fails_holds_up_nobody(store, ann, caplog):
    """It is in the audit and the log, without the link; one may ask again at once."""
    with mail_server() as box:
        box.refusal = "554 No"
        sender = outbox_to(box, store)
        sender.forgotten(ann, source="127.0.0.1")
        sender.wait()
        box.refusal = ""
        sender.forgotten(ann, source="127.0.0.1")
        sender.wait()
        assert len(box.letters) == 1
        wrong = outbox_to(box, store, "u:wrong@")
        wrong.post("invitation", "eve@example.org", "token-of-eve")
        wrong.wait()
    sender.post("invitation", "eve@example.org", "token-of-eve")
    sender.wait()

    assert told(store) == [
        ("letter.reset", ann, "not sent: SMTPDataError 554"),
        ("letter.reset", ann, "sent"),
        (
            "letter.invitation",
            "eve@example.org",
            "not sent: SMTPAuthenticationError 535",
        ),
        ("letter.invitation", "eve@example.org", "not sent: ConnectionRefusedError"),
    ]
    assert "A letter was not sent: ConnectionRefusedError" in caplog.text
    assert "token-of-eve" not in caplog.text + str([*Audit(store).lines()])


def test_more_than_may_wait_get_none(store, ann, monkeypatch, caplog):
    """And nobody waits meanwhile."""
    monkeypatch.setattr(outbox, "_MOST", 3)
    with mail_server() as box:
        box.seconds = 0.3
        sender = outbox_to(box, store)
        begun = time.perf_counter()
        for _ in range(50):
            sender.post("reset", ann, "x")
        assert time.perf_counter() - begun < 0.3
        sender.wait()
        assert 3 <= len(box.letters) <= 4
    assert "A letter was not sent: 3 others wait." in caplog.text


def test_letters_go_by_tls_alone(store, tmp_path, monkeypatch):
    """To other machines: after STARTTLS, or from the start; else nothing is said."""
    context, known = certificate(tmp_path, "mail.example.org")
    other, _ = certificate(tmp_path, "other.example.org")
    monkeypatch.setenv("SSL_CERT_FILE", str(known))
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    asked = socket.getaddrinfo

    def found(host, *rest, **more):
        """The name as the name service would have it."""
        return asked("127.0.0.1" if host == "mail.example.org" else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", found)
    for scheme, server, is_sent in (
        ("smtp", {"starttls": context}, True),
        ("smtps", {"tls": context}, True),
        ("smtp", {}, False),
        ("smtp", {"starttls": other}, False),
        ("smtps", {"tls": other}, False),
    ):
        with mail_server(**server) as box:
            url = f"{scheme}://{LOGIN}mail.example.org:{box.port}"
            sender = Outbox(store, settings(url))
            sender.post("invitation", "eve@example.org", "of-eve")
            sender.wait()
            assert len(box.letters) == is_sent, (scheme, server, told(store)[-1])
            assert bool(box.logins) == is_sent
    ways = [result for _, _, result in told(store)]
    assert ways[:3] == ["sent", "sent", "not sent: SMTPNotSupportedError"]
    assert ways[3:] == ["not sent: SSLCertVerificationError"] * 2


def test_no_secret_is_kept_or_told(store, ann, user_data, caplog):
    """Neither the link nor the server's password."""
    caplog.set_level(logging.DEBUG)
    with mail_server() as box:
        sender = outbox_to(box, store, LOGIN)
        sender.forgotten(ann, source="127.0.0.1")
        sender.wait()
        text = box.letters[0].get_content()
    token = re.search(r"/account/link#(\S+)", text)[1]

    kept = b"".join(each.read_bytes() for each in user_data.glob(f"{DATABASE_FILE}*"))
    ours = [each.message for each in caplog.records if "mail.log" not in each.name]
    for secret in (token, OF_SERVER):
        assert secret.encode() not in kept
        assert secret not in str([*Audit(store).lines()]) + "".join(ours)
    assert ADMIN.encode() in kept
    assert PASSWORD not in text + os.linesep
