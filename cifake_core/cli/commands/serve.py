"""`serve`: REST alone, without the pages."""

import os
from functools import partial
from typing import Annotated, Final

from cyclopts import Parameter

from cifake_core.accounts.settings import accounts_in_use, accounts_mode
from cifake_core.api.limits import read_limits
from cifake_core.api.server import LOOPBACK, PORT, serve
from cifake_core.cli.accounts.links import tell_first
from cifake_core.cli.terminal.output import tell
from cifake_core.cli.terminal.parameters import FromDoor, whole_number
from cifake_core.workbench.in_use import workbench_in_use

_MAX_PORT: Final = 65535


def run(
    *,
    host: str = LOOPBACK,
    port: Annotated[int, Parameter(converter=whole_number(0, _MAX_PORT))] = PORT,
    context: FromDoor,
) -> None:
    """Answer other programs by REST.

    The app answers them too, below its own address.

    Args:
        host: the address of this machine to listen at; 0.0.0.0 for other machines.
        port: to listen at; 0 for a free one.
        context: has the networks.
    """
    accounts = accounts_in_use(context.user_data, os.environ)
    if accounts is not None and accounts_mode(os.environ) == "local":
        tell_first(accounts, context.who)
    serve(
        partial(
            workbench_in_use, context.shipped, context.user_data, load=context.load
        ),
        read_limits(os.environ),
        accounts,
        host=host,
        port=port,
        tell=tell,
    )
