"""Acts on what all share, as other rooms do them: each leaves a line in the audit.

An act is done first, in a transaction or a file of its own, and noted then: a line
tells what happened, never what was tried. What is refused `access.expect` notes.
"""

import logging
import os
from pathlib import Path
from typing import Final

from cifake_core.accounts.records import Who
from cifake_core.accounts.settings import accounts_in_use
from cifake_core.basics.errors import DatabaseUnavailableError

_LOG: Final = logging.getLogger(__name__)


def note_act(
    user_data: Path, by: Who, *, action: str, subject: str = "", result: str = "done"
) -> None:
    """Append a line to the audit on an act that was done; without accounts nothing.

    An audit that cannot be written now undoes no act, and makes none look as if it had
    failed: the whole line then goes to the log of the program, as an error.

    Args:
        user_data: the user's folder, in whose database the audit is.
        by: who has done it.
        action: its name, the kind of thing before the point: "version.promote".
        subject: what it was done to: no secret, and no path.
        result: what came of it; no secret and no path, either.

    Raises:
        SettingError: If it is not clear whether there are accounts.
    """
    store = accounts_in_use(user_data, os.environ)
    if store is None:
        return
    from cifake_core.accounts.audit import Audit  # noqa: PLC0415 - imports slowly

    try:
        Audit(store).note(by, action=action, subject=subject, result=result)
    except DatabaseUnavailableError as error:
        line = (action, subject, result, by.name, by.source, str(error))
        _LOG.error("Not in the audit: %r %r %r by %r from %r. %s", *line)
