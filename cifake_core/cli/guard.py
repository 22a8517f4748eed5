"""Guard of the command line: who has typed a command, and what each needs.

Where there are no accounts, whoever can start the program may do everything.
"""

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from cifake_core.accounts.records import Who, on_this_machine
from cifake_core.accounts.roles import Right
from cifake_core.accounts.settings import accounts_in_use

#: The environment variable with the key of whoever runs a command as a user.
KEY_VARIABLE: Final = "CIFAKE_KEY"
COMMAND_LINE: Final = "command line"
#: What each command needs; None for one that anybody may call. What writes among the
#: networks, the data sets or the user's folder is for administrators.
NEEDS: Final[Mapping[str, Right | None]] = {
    "data info": "look",
    "data download": "administer",
    "data verify": "look",
    "data facts": "administer",
    "data add": "administer",
    "data list": "look",
    "data show": "look",
    "data remove": "administer",
    "filters": "judge",
    "predict": "judge",
    "scan plan": "jobs",
    "scan run": "jobs",
    "scan report": "jobs",
    "explain": "judge",
    "train": "administer",
    "ensemble": "administer",
    "evaluate": "look",  # with --save "administer"
    "compare": "look",
    "reproduce": "administer",
    "layers": "administer",
    "trust": "administer",
    "map": "administer",
    "attention": "administer",
    "policy": "administer",
    "examples": "administer",
    "generators list": "look",
    "generators train": "administer",
    "generators promote": "administer",
    "generators sample": "look",
    "generators gallery": "administer",
    "generators measure": "administer",
    "generators study": "administer",
    "retrain": "administer",
    "gate": "administer",
    "versions list": "look",
    "versions show": "look",
    "versions promote": "administer",
    "versions rollback": "administer",
    "versions remove": "administer",
    "signers fetch": "administer",
    "signers show": "look",
    "objects fetch": "administer",
    "objects find": "judge",
    "serve": "administer",
    "accounts list": "administer",
    "accounts first": "administer",
    "accounts invite": "administer",
    "accounts reset": "administer",
    "accounts use": None,  # the link says who it is
    "accounts registration": "administer",
    "accounts role": "administer",
    "accounts disable": "administer",
    "accounts enable": "administer",
    "accounts remove": "administer",
    "accounts sessions": "administer",
    "accounts key": "administer",
    "accounts keys": "administer",
    "accounts revoke": "administer",
    "audit show": "administer",
    "audit verify": "administer",
    "audit export": "administer",
    "audit forget": "administer",
    "retention show": "look",
    "retention keep": "administer",
    "retention run": "administer",
    "benchmark": "look",
}


class Guard:
    """Guard of one command.

    Args:
        user_data: the user's folder, in whose database the accounts are.
        environment: variables by name, such as `os.environ`.
    """

    def __init__(
        self, user_data: Path, environment: Mapping[str, str] = os.environ
    ) -> None:
        self._user_data = user_data
        self._environment = environment

    @cached_property
    def who(self) -> Who:
        """Who has typed the command; they are asked for once.

        Raises:
            UnknownCallerError: If the key is good for nothing.
            TooEarlyError: If it has asked for its most in this minute.
            DatabaseUnavailableError: If they cannot open the database themselves.
            SettingError: If it is not clear whether there are accounts.
        """
        store = accounts_in_use(self._user_data, self._environment)
        local = on_this_machine(COMMAND_LINE)
        if store is None:
            return local
        from cifake_core.accounts.access import (  # noqa: PLC0415 - imports slowly
            who_has_key,
            who_owns,
        )

        key = self._environment.get(KEY_VARIABLE, "")
        if key:
            return who_has_key(store, key, source=COMMAND_LINE)
        return who_owns(store, local)

    def expect(self, right: Right, *, what: str) -> None:
        """Let go on who may; note and refuse who may not.

        Args:
            right: that it needs.
            what: they want, for the audit.

        Raises:
            NotAllowedError: If they may not.
            CifakeError: As `who`.
        """
        store = accounts_in_use(self._user_data, self._environment)
        if store is not None:
            from cifake_core.accounts import access  # noqa: PLC0415 - imports slowly

            access.expect(store, self.who, right, what=what)

    def let_in(self, command: str) -> None:
        """Let go on who may call a command; as `expect`."""
        right = NEEDS[command]
        if right is not None:
            self.expect(right, what=f"command {command}")
