"""Sweep of retention: everything whose time is over goes, kind by kind."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cifake_core.accounts.audit import Audit
from cifake_core.accounts.settings import accounts_in_use
from cifake_core.basics import database
from cifake_core.basics.errors import CifakeError
from cifake_core.jobs.retention.promises import BY_ITSELF, PROMISES
from cifake_core.jobs.retention.settings import read_retention


@dataclass(frozen=True, kw_only=True, slots=True)
class Swept:
    """What a sweep came to: how many of each kind went, and sentences on faults."""

    gone: Mapping[str, int]
    faults: tuple[str, ...]


def sweep(user_data: Path) -> Swept:
    """Delete all that was kept for longer than is promised.

    A kind that cannot be deleted now does not keep the others from going. Where there
    are accounts the audit has a line on what people had kept.

    Raises:
        ModelUnavailableError: If a file of settings is damaged: then nothing goes.
        SettingError: As `read_retention`, and `accounts_are_on`.
        DatabaseUnavailableError: If the database cannot be used.
    """
    retention, store = read_retention(user_data), accounts_in_use(user_data, os.environ)
    gone, faults = dict[str, int](), list[str]()
    for promise in PROMISES:
        days = promise.days(retention)
        if days is None or (promise.with_accounts and store is None):
            continue
        try:
            gone[promise.name] = promise.keep(user_data, days)
        except (CifakeError, OSError) as error:
            faults.append(f"Of {promise.name} nothing goes now: {error}")
    if database.exists(user_data):  # also what a page has deleted since
        database.forget_deleted(user_data)
    told = ", ".join(
        f"{each.name}: {gone[each.name]}"
        for each in PROMISES
        if each.setting not in ("", "audit") and gone.get(each.name)
    )
    if told and store is not None:  # the audit tells of itself
        Audit(store).note(BY_ITSELF, action="retention", result=told)
    return Swept(gone=gone, faults=tuple(faults))
