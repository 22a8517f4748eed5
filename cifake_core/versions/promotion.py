"""Rules of the model registry: what may be put to use, gone back to, removed."""

from cifake_core.basics.errors import VersionError
from cifake_core.versions.records import SHIPPED, State, Version


def check_promotion(version: Version, in_use: int, *, why: str) -> None:
    """Check that a version may be put to use.

    It must have been taught from the version in use, have passed the gate against
    that very one, and there must be a reason.

    Args:
        version: to be put to use.
        in_use: number of the version that is in use.
        why: the reason.

    Raises:
        VersionError: If it may not.
    """
    number, gate = version.number, version.gate
    if number == in_use:
        msg = f"Version {number} is in use already."
    elif version.parent is None:
        msg = f"Version {number} is the shipped one. Go back to it with `rollback`."
    elif version.parent != in_use:
        msg = (
            f"Version {number} was taught from version {version.parent}, but {in_use} "
            "is in use. Teach the network again, from the version in use."
        )
    elif gate is None:
        msg = f"Version {number} was not through the gate. Run `gate {number}` first."
    elif gate.get("against") != in_use:
        msg = (
            f"The gate compared version {number} with version {gate.get('against')}, "
            f"but {in_use} is in use. Run `gate {number}` again."
        )
    elif version.state == "refused" or gate.get("passed") is not True:
        msg = (
            f"The gate refused version {number}: {_failed(version)}. Teach the "
            "network again, on more pictures or with another recipe."
        )
    elif not why.strip():
        msg = f"Expected a reason to put version {number} to use. Give one."
    else:
        return
    raise VersionError(msg)


def check_rollback(version: Version, network: str) -> int:
    """Number of the version that was in use before the one in use.

    Args:
        version: in use.
        network: whose teaching is to be undone.

    Raises:
        VersionError: If that version taught no or another network.
    """
    if version.parent is None:
        msg = f"Version {SHIPPED}, the shipped one, is in use: there is none before it."
        raise VersionError(msg)
    if version.network != network:
        msg = (
            f"Version {version.number}, which is in use, taught {version.network} and "
            f"not {network}. Go back from it first: `versions rollback "
            f"{version.network}`."
        )
        raise VersionError(msg)
    return version.parent


def check_removal(version: Version, in_use: Version) -> None:
    """Check that a version may be removed: nothing rests on it.

    Raises:
        VersionError: If it is shipped, in use, or what one would go back to.
    """
    if version.number == SHIPPED:
        msg = f"Version {SHIPPED} is what is shipped: it is never removed."
    elif version.number == in_use.number:
        msg = f"Version {version.number} is in use. Go back from it before, or keep it."
    elif version.number == in_use.parent:
        msg = (
            f"Version {version.number} is what one goes back to from version "
            f"{in_use.number}, which is in use. Keep it until another is promoted."
        )
    else:
        return
    raise VersionError(msg)


def judged(version: Version) -> tuple[State, str]:
    """State of a version after its gate's last report, and why.

    A candidate that fails is refused, and a refused one that passes a candidate again;
    a former version stays one, as there must be a way back to it.

    Raises:
        VersionError: If the version is in use.
    """
    gate = version.gate or {}
    if version.state == "in use":
        msg = f"Version {version.number} is in use: the gate is for the others."
        raise VersionError(msg)
    if version.state == "former":
        return "former", version.why
    if gate["passed"]:
        return "candidate", f"passed the gate against version {gate['against']}"
    return "refused", f"failed: {_failed(version)}"


def _failed(version: Version) -> str:
    """Names of the gate's checks that a version failed."""
    checks = (version.gate or {}).get("checks", [])
    return ", ".join(str(each["name"]) for each in checks if not each["passed"])
