"""Trained networks on disk: one folder each, with a card that vouches for it."""

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.registry import lookup
from cifake_core.networks.registry import NETWORKS, OWN, PAPERS

if TYPE_CHECKING:
    import keras
from cifake_core.basics.files import file_sha256, write_json

#: What the repository ships.
MODELS: Final = Path(__file__).resolve().parents[2] / "models"

WEIGHTS_FILE: Final = "model.keras"
CARD_FILE: Final = "card.json"
HISTORY_FILE: Final = "history.csv"
SCORES_FILE: Final = "test_scores.parquet"
CORRUPTIONS_FILE: Final = "corruption_scores.parquet"
VALIDATION_FILE: Final = "validation_scores.parquet"
MAP_FILE: Final = "feature_map.npz"


def available(models: Path = MODELS) -> tuple[str, ...]:
    """Return our own networks whose weights are there, in menu order."""
    return tuple(name for name in OWN if _has_weights(name, models))


def available_papers(models: Path = MODELS) -> tuple[str, ...]:
    """Return the papers' networks whose weights are there, in menu order."""
    return tuple(name for name in PAPERS if _has_weights(name, models))


def load_card(folder: Path) -> dict[str, Any]:  # JSON: any value
    """Return the card of the network in `folder`.

    Raises:
        ModelUnavailableError: If there is no card or it is not readable.
    """
    try:
        card = dict(json.loads((folder / CARD_FILE).read_text("utf-8")))
    except FileNotFoundError as error:
        msg = f"There is no trained network in {folder}. {_how_to_make(folder.name)}"
        raise ModelUnavailableError(msg) from error
    except (OSError, ValueError) as error:
        msg = f"The card {folder / CARD_FILE} cannot be read: {error}."
        raise ModelUnavailableError(msg) from error
    missing = {"name", "model_sha256"} - card.keys()
    if missing:
        msg = f"The card {folder / CARD_FILE} lacks {' and '.join(sorted(missing))}."
        raise ModelUnavailableError(msg)
    return card


def write_card(folder: Path, card: dict[str, Any]) -> None:
    """Write the card of `folder` whole or not at all."""
    write_json(folder / CARD_FILE, card)


def revision(name: str, models: Path = MODELS) -> str:
    """Return the hash that names a network's weights, 64 hex digits.

    For an ensemble it is the hash of its members' hashes.

    Raises:
        ModelUnavailableError: If the network or a member has no card.
        UnknownNameError: If there is no such network.
    """
    spec = lookup(NETWORKS, name, kind="network")
    if spec.members:
        return joint_sha256([revision(member, models) for member in spec.members])
    return str(load_card(models / name)["model_sha256"])


def joint_sha256(hashes: list[str]) -> str:
    """Return the hash that names an ensemble of networks with these hashes."""
    return hashlib.sha256(" ".join(hashes).encode()).hexdigest()


def load_model(folder: Path) -> "keras.Model":
    """Return the trained network in `folder`, uncompiled.

    Raises:
        ModelUnavailableError: If it is missing, damaged or not what its card
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
    return f"Train it with `python -m cifake_core train {name}` and promote the run."


def _has_weights(name: str, models: Path) -> bool:
    """Return whether a network, or every member of it, can be loaded."""
    parts = NETWORKS[name].members or (name,)
    return all((models / part / WEIGHTS_FILE).is_file() for part in parts)
