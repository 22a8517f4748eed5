"""Trained networks on disk: one folder each, with a card that vouches for it."""

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.registry import lookup
from cifake_core.networks.ensemble import ensemble_sha256
from cifake_core.networks.registry import NETWORKS, OWN, PAPERS

if TYPE_CHECKING:
    import keras
from cifake_core.basics.files import file_sha256, write_json

WEIGHTS_FILE: Final = "model.keras"
CARD_FILE: Final = "card.json"
HISTORY_FILE: Final = "history.csv"
SCORES_FILE: Final = "test_scores.parquet"
CORRUPTIONS_FILE: Final = "corruption_scores.parquet"
VALIDATION_FILE: Final = "validation_scores.parquet"
MAP_FILE: Final = "embedding_map.npz"


def available(models: Path) -> tuple[str, ...]:
    """Return our own networks whose weights are there, in menu order."""
    return tuple(name for name in OWN if _has_weights(name, models))


def available_papers(models: Path) -> tuple[str, ...]:
    """Return the papers' networks whose weights are there, in menu order."""
    return tuple(name for name in PAPERS if _has_weights(name, models))


def load_card(folder: Path) -> dict[str, Any]:  # JSON: any value
    """Return the card of the network in `folder`.

    Raises:
        ModelUnavailableError: If there is no card or it is not readable.
    """
    path = folder / CARD_FILE
    try:
        card = dict(_parsed(path, path.stat().st_mtime_ns))
    except FileNotFoundError as error:
        msg = f"There is no trained network in {folder}. {_how_to_make(folder.name)}"
        raise ModelUnavailableError(msg) from error
    except (OSError, ValueError, TypeError) as error:
        msg = f"The card {path} cannot be read: {error}."
        raise ModelUnavailableError(msg) from error
    missing = {"name", "model_sha256"} - card.keys()
    if missing:
        msg = f"The card {folder / CARD_FILE} lacks {' and '.join(sorted(missing))}."
        raise ModelUnavailableError(msg)
    return card


@lru_cache(maxsize=64)  # every verdict asks for the hashes of all networks
def _parsed(path: Path, modified: int) -> dict[str, Any]:  # JSON: any value
    """Return what a JSON file held when it was last written."""
    del modified  # only part of the key
    return dict(json.loads(path.read_text("utf-8")))


def write_card(folder: Path, card: dict[str, Any]) -> None:
    """Write the card of `folder` whole or not at all."""
    write_json(folder / CARD_FILE, card)


def revision(name: str, models: Path) -> str:
    """Return the SHA-256 that names a network's weights, 64 hex digits.

    That of an ensemble names its members' weights and what each of them counts.

    Raises:
        ModelUnavailableError: If there is no card, or an ensemble's does not fit its
            members.
        UnknownNameError: If there is no such network.
    """
    if lookup(NETWORKS, name, kind="network").members:
        ensemble_weights(name, models)
    return str(load_card(models / name)["model_sha256"])


def ensemble_weights(name: str, models: Path) -> dict[str, float]:
    """Return what each member's logit counts in the ensemble, from its card.

    Raises:
        ModelUnavailableError: If the card is missing or damaged, or was made for
            other weights than those of the members' cards.
    """
    folder = models / name
    card = load_card(folder)
    members, weights = card.get("members", {}), card.get("weights", {})
    expected = NETWORKS[name].members
    if not tuple(members) == tuple(weights) == expected or card[
        "model_sha256"
    ] != ensemble_sha256(members, weights):
        msg = (
            f"The card {folder / CARD_FILE} is not that of an ensemble of "
            f"{' and '.join(expected)}. {_how_to_make(name)}"
        )
        raise ModelUnavailableError(msg)
    for member, sha256 in members.items():
        found = str(load_card(models / member)["model_sha256"])
        if found != sha256:
            msg = (
                f"The {name} in {folder} was made for other weights of {member} "
                f"(SHA-256 {sha256[:12]}…) than those there ({found[:12]}…). "
                f"{_how_to_make(name)}"
            )
            raise ModelUnavailableError(msg)
    return {member: float(weight) for member, weight in weights.items()}


def load_model(folder: Path) -> "keras.Model":
    """Return the trained network in `folder`, uncompiled.

    Raises:
        ModelUnavailableError: If it is missing, corrupted or not what its card
            vouches for.
    """
    card = load_card(folder)
    path = folder / WEIGHTS_FILE
    if not path.is_file() and card["name"] in PAPERS:  # too large to be shipped
        msg = f"The weights {path} are missing. {_how_to_make(card['name'])}"
        raise ModelUnavailableError(msg)
    if not path.is_file() or file_sha256(path) != card["model_sha256"]:
        msg = (
            f"The weights {path} are missing or not the ones their card vouches "
            f"for (SHA-256 {card['model_sha256'][:12]}…). Get them again, for "
            "example with `git checkout -- models`."
        )
        raise ModelUnavailableError(msg)
    import keras  # noqa: PLC0415 - takes seconds; a page lists networks without it

    try:
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    except (ValueError, TypeError, OSError) as error:
        msg = f"The weights {path} do not fit this version of Keras: {error}."
        raise ModelUnavailableError(msg) from error


def save_model(model: "keras.Model", folder: Path) -> str:
    """Write the weights of `folder` whole or not at all; return their SHA-256.

    Large kernels whose values float16 can hold take half the space.
    """
    scratch = folder / f"part.{WEIGHTS_FILE}"
    from cifake_core.networks.compact import compact  # noqa: PLC0415 - h5py is slow

    try:
        model.save(scratch)
        compact(scratch)
        scratch.replace(folder / WEIGHTS_FILE)
    finally:
        scratch.unlink(missing_ok=True)
    return file_sha256(folder / WEIGHTS_FILE)


def _how_to_make(name: str) -> str:
    """Return the sentence on how to get the weights of a network."""
    if name in PAPERS:
        return f"Make it with `python -m cifake_core reproduce {name}`."
    if name in NETWORKS and NETWORKS[name].members:
        return f"Make it with `python -m cifake_core ensemble {name}`."
    return f"Train it with `python -m cifake_core train {name}` and promote the run."


def _has_weights(name: str, models: Path) -> bool:
    """Return whether a network's files are there; an ensemble has a card alone."""
    members = NETWORKS[name].members
    own = CARD_FILE if members else WEIGHTS_FILE
    return (models / name / own).is_file() and all(
        _has_weights(member, models) for member in members
    )
