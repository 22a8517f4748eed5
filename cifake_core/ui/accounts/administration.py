"""The administrator's page: people, sessions, keys, policy, storage, jobs, audit."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Final

from cifake_core.accounts.audit import Audit
from cifake_core.accounts.errors import AccountError
from cifake_core.accounts.keys import PER_MINUTE, Keys
from cifake_core.accounts.links import LASTS, Links
from cifake_core.accounts.logins import Logins
from cifake_core.accounts.policies import REGISTRATIONS, Policies
from cifake_core.accounts.records import LinkKind
from cifake_core.accounts.roles import RIGHTS, RIGHTS_OF, ROLES
from cifake_core.accounts.user_rows import read_email
from cifake_core.accounts.users import Users
from cifake_core.cases.settings import read_settings
from cifake_core.jobs.belongings import forget_belongings
from cifake_core.jobs.queue.queue import JobQueue
from cifake_core.jobs.retention.promises import PROMISES
from cifake_core.jobs.retention.settings import (
    Retention,
    in_words,
    read_retention,
    write_retention,
)
from cifake_core.ui.accounts.forms import Asking, Drawn, FormPage
from cifake_core.ui.services.bench import bench

PEOPLE: Final = "/account/administration"
#: What is kept, by the field of `Retention`, in the words of its form.
_KINDS: Final = {
    "records": "Verdicts of the history",
    "pictures": "Their pictures and files",
    "bin": "The bin, and forgotten data sets",
    "jobs": "Jobs, with uploads and results",
    "audit": "Lines of the audit",
}
_AUDIT_LINES: Final = 50
_JOBS: Final = 20


def _values(asking: Asking) -> Mapping[str, Any]:
    """What the page is drawn with."""
    store, user_data = asking.store, asking.store.user_data
    users, retention = Users(store).listing(), read_retention(user_data)
    emails = {each.number: each.email for each in users}
    return {
        "title": "Administration",
        "users": users,
        "you": asking.known.name,
        "sessions": [
            each for user in users for each in Logins(store).listing(user.email)
        ],
        "keys": [each for each in Keys(store).listing() if not each.revoked],
        "roles": ROLES,
        "rights": RIGHTS,
        "rights_of": {role: ", ".join(sorted(RIGHTS_OF[role])) for role in ROLES},
        "per_minute": PER_MINUTE,
        "registration": Policies(store).registration(),
        "registrations": REGISTRATIONS,
        "history": read_settings(user_data),
        "kept": asdict(retention),
        "kinds": _KINDS,
        "promises": [each.plain_sentence(retention) for each in PROMISES],
        "megabytes": _megabytes(user_data),
        "jobs": [
            (each, emails.get(each.user, "nobody"))
            for each in JobQueue(user_data).listing(_JOBS)
        ],
        "version": bench().versions.current(),
        "networks": bench().names(),
        "lines": list(Audit(store).lines(newest=_AUDIT_LINES)),
        "told": "",
        "secret": "",
    }


def _megabytes(folder: Path) -> dict[str, float]:
    """Megabytes of the user's folder, by what lies in it, the largest first."""
    sizes: dict[str, int] = {}
    for file in folder.rglob("*"):
        if file.is_file():
            name = file.relative_to(folder).parts[0]
            sizes[name] = sizes.get(name, 0) + file.stat().st_size
    return {
        name: size / 1e6 for name, size in sorted(sizes.items(), key=lambda x: -x[1])
    }


def _give_role(asking: Asking) -> Drawn:
    """Give a user another role."""
    email, role = asking.field("email"), asking.field("role")
    former = Users(asking.store).get(email).role
    user = Users(asking.store).set_role(email, role, by=asking.known)
    return Drawn(told=f"{user.email} was {former} and is {user.role} now, at once.")


def _set_active(asking: Asking) -> Drawn:
    """Let a user in no more, or again."""
    email, is_active = asking.field("email"), asking.field("active") == "yes"
    user = Users(asking.store).set_active(email, is_active=is_active, by=asking.known)
    if is_active:
        return Drawn(told=f"{user.email} is let in again.")
    return Drawn(
        told=f"{user.email} is let in no more; sessions are ended, keys are refused. "
        "“Let in again” undoes it."
    )


def _end_sessions(asking: Asking) -> Drawn:
    """End all sessions of a user."""
    email = asking.field("email")
    num = Logins(asking.store).end(email, by=asking.known)
    return Drawn(told=f"{num} sessions of {email} are ended.")


def _remove(asking: Asking) -> Drawn:
    """Delete a user, whose e-mail was typed again."""
    email = asking.field("email")
    user = Users(asking.store).get(email)
    if asking.field("typed").strip().lower() != user.email:
        msg = f"To delete {user.email} type that e-mail again."
        raise AccountError(msg)
    Users(asking.store).remove(email, by=asking.known)
    forget_belongings(asking.store.user_data, user.number)
    return Drawn(told=f"{user.email} is deleted, with records, cases, jobs and keys.")


def _reset(asking: Asking) -> Drawn:
    """Make the link by which a user chooses another password."""
    token = Links(asking.store).reset(asking.field("email"), by=asking.known)
    return _link("reset", token, asking)


def _invite(asking: Asking) -> Drawn:
    """Make the link by which somebody new begins."""
    email, role = asking.field("email"), asking.field("role")
    token = Links(asking.store).invite(email, role, by=asking.known)
    return _link("invitation", token, asking)


def _link(kind: LinkKind, token: str, asking: Asking) -> Drawn:
    """A link, told once, and mailed where that is set."""
    days, email = LASTS[kind].days, asking.field("email")
    told = f"Hand this link to {email}."
    if asking.means.outbox is not None:
        asking.means.outbox.post(kind, read_email(email), token)
        told = f"A letter with this link is on its way to {email}."
    return Drawn(
        told=f"{told} It is shown this once, and can be used once, within "
        f"{days} {'day' if days == 1 else 'days'}:",
        secret=asking.means.link(token, asking.request),
    )


def _set_registration(asking: Asking) -> Drawn:
    """Choose who may register."""
    policies, policy = Policies(asking.store), asking.field("registration")
    former = policies.set_registration(policy, by=asking.known)
    return Drawn(told=f"Registration was {former} and is {policies.registration()}.")


def _set_retention(asking: Asking) -> Drawn:
    """Choose for how many days each kind of thing is kept."""
    texts = {each.name: asking.field(each.name).strip() for each in fields(Retention)}
    chosen = Retention(
        **{name: _number(text) if text else None for name, text in texts.items()}
    )
    user_data = asking.store.user_data
    changed = write_retention(chosen, user_data, by=asking.known)
    if not changed:
        return Drawn(told="Everything is kept for as long as before.")
    told = ", ".join(
        f"{name} {in_words(after)} (before: {in_words(before)})"
        for name, (before, after) in changed.items()
    )
    return Drawn(
        told=f"From now on kept: {told}. What is older goes within the hour, and does "
        "not come back; until then, choosing more days keeps it."
    )


def _make_key(asking: Asking) -> Drawn:
    """Make a key for a program."""
    days, per_minute = asking.field("days").strip(), asking.field("per_minute")
    key = Keys(asking.store).make(
        asking.field("email"),
        name=asking.field("name"),
        scopes=[right for right in RIGHTS if asking.field(f"may_{right}")],
        days=_number(days) if days else None,
        per_minute=_number(per_minute),
        by=asking.known,
    )
    return Drawn(
        told="Keep this key now: it is shown this once. It is sent as "
        "“Authorization: Bearer KEY”.",
        secret=key,
    )


def _revoke_key(asking: Asking) -> Drawn:
    """Let a key be good for nothing."""
    key = Keys(asking.store).revoke(asking.field("prefix"), by=asking.known)
    return Drawn(told=f"Key {key.prefix} of {key.email} is revoked, at once.")


def _verify(asking: Asking) -> Drawn:
    """Look whether the audit holds."""
    num, digest = Audit(asking.store).verify(asking.field("known").strip())
    return Drawn(
        told=f"The audit holds: {num:,} lines. Keep the digest of the last elsewhere:",
        secret=digest,
    )


def _number(text: str) -> int:
    """A whole number that was typed."""
    text = text.strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        msg = f"Expected a whole number. Received {text[:20]!r}."
        raise AccountError(msg)
    return int(text)


PAGE: Final = FormPage(
    path=PEOPLE,
    template="account_administration.html.jinja",
    values=_values,
    right="administer",
    acts={
        f"{PEOPLE}/role": _give_role,
        f"{PEOPLE}/active": _set_active,
        f"{PEOPLE}/sessions": _end_sessions,
        f"{PEOPLE}/remove": _remove,
        f"{PEOPLE}/reset": _reset,
        f"{PEOPLE}/invite": _invite,
        f"{PEOPLE}/registration": _set_registration,
        f"{PEOPLE}/retention": _set_retention,
        f"{PEOPLE}/key": _make_key,
        f"{PEOPLE}/revoke": _revoke_key,
        f"{PEOPLE}/verify": _verify,
    },
    needs_passwords=frozenset({f"{PEOPLE}/reset", f"{PEOPLE}/invite"}),
)
