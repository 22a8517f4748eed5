"""What rows are made with: the hashes of the networks and of all that decides."""

from pathlib import Path

from cifake_core.basics.files import file_sha256
from cifake_core.networks import store
from cifake_core.verdicts.card import POLICY_FILE
from cifake_core.verdicts.mahalanobis import DOMAIN_FILE
from cifake_core.verdicts.scope import SCOPE_FILE


def weights(models: Path) -> dict[str, str]:
    """SHA-256 of each of our own networks that has weights, by its name.

    Raises:
        ModelUnavailableError: If a card is missing or does not fit.
    """
    return store.revisions(models)


def policy(models: Path) -> dict[str, str]:
    """SHA-256 of each file that decisions and their scope follow from; "" if absent."""
    files = (POLICY_FILE, DOMAIN_FILE, SCOPE_FILE)
    return {
        file: file_sha256(models / file) if (models / file).is_file() else ""
        for file in files
    }
