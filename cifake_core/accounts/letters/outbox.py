"""Outbox: letters wait here, so that nobody waits for a mail server, or learns by it.

Who has forgotten a password is looked up here, too, behind the answer that all get.
"""

import logging
import queue
import smtplib
import threading
from collections.abc import Callable
from functools import partial
from typing import Final

from cifake_core.accounts.attempts import charge_letter, refund_letter
from cifake_core.accounts.audit import Audit
from cifake_core.accounts.errors import AccountError, TooEarlyError
from cifake_core.accounts.letters.letters import link_letter, send
from cifake_core.accounts.letters.settings import SmtpSettings
from cifake_core.accounts.links import Links
from cifake_core.accounts.records import LinkKind, Who
from cifake_core.accounts.store import Store
from cifake_core.accounts.user_rows import row_of

#: Where a link leads to; its token stands behind "#", which no server sees.
LINK: Final = "/account/link"
#: Letters that may wait; whoever asks for more gets none.
_MOST: Final = 200
_LOG: Final = logging.getLogger(__name__)


class Outbox:
    """Letters that one thread sends, which begins with the first.

    Args:
        store: has the accounts.
        settings: of the server that sends them.
    """

    def __init__(self, store: Store, settings: SmtpSettings) -> None:
        self._store = store
        self._settings = settings
        self._waiting: queue.Queue[Callable[[], object]] = queue.Queue(_MOST)
        self._begins = threading.Lock()
        self._thread: threading.Thread | None = None

    def post(self, kind: LinkKind, email: str, token: str) -> None:
        """Send somebody a link that an administrator has made.

        Args:
            kind: of the link.
            email: of the receiver.
            token: of the link.
        """
        self._put(partial(self._send, kind, email, token))

    def forgotten(self, email: str, *, source: str) -> None:
        """Send a link to another password, if somebody has that e-mail address.

        It takes the same time, whoever has it. After each letter to a name come
        longer waits, so that nobody's box is filled.

        Args:
            email: as it is kept.
            source: the address that it is asked from.
        """
        self._put(partial(self._reset, email, source))

    def wait(self) -> None:
        """Wait until no letter waits."""
        self._waiting.join()

    def _put(self, task: Callable[[], object]) -> None:
        """Have something done by the thread."""
        with self._begins:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, daemon=True)
                self._thread.start()
        try:
            self._waiting.put_nowait(task)
        except queue.Full:
            _LOG.warning("A letter was not sent: %d others wait.", _MOST)

    def _work(self) -> None:
        """Do what waits, one after the other."""
        while True:
            task = self._waiting.get()
            try:
                task()
            except Exception as error:  # noqa: BLE001 - the next one is to be sent
                _LOG.warning("A letter was not sent: %s", type(error).__name__)
            finally:
                self._waiting.task_done()

    def _reset(self, email: str, source: str) -> None:
        """Make a link to another password and send it, if there is such a user."""
        with self._store.writing() as session:
            try:
                charge_letter(session, email, now=self._store.now())
                is_one = row_of(session, email).is_active
            except (AccountError, TooEarlyError):
                is_one = False
        if not is_one:
            return
        who = Who(name="", source=source, rights=frozenset())
        token = Links(self._store).reset(email, by=who)
        if not self._send("reset", email, token):
            with self._store.writing() as session:
                refund_letter(session, email)

    def _send(self, kind: LinkKind, email: str, token: str) -> bool:
        """Send a link, and note in the audit whether the server took it."""
        link, told = f"{self._settings.address}{LINK}#{token}", "sent"
        try:
            send(link_letter(kind, email, link, self._settings), self._settings)
        except (OSError, ValueError) as error:  # smtplib's own are the first
            told = f"not sent: {_kind(error)}"
            _LOG.warning("A letter was %s", told)
        who = Who(name="", source=self._settings.host, rights=frozenset())
        Audit(self._store).note(
            who, action=f"letter.{kind}", subject=email, result=told
        )
        return told == "sent"


def _kind(error: Exception) -> str:
    """What kind of error it is; its text may have what the server was sent."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    return type(error).__name__
