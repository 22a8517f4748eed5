"""Trained networks on disk: one folder each, with a card that vouches for it."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cifake_core.basics.artefacts import Artefact
from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.files import file_sha256, write_whole
from cifake_core.basics.registry import lookup
from cifake_core.networks.card import Card, EnsembleCard, NetworkCard
from cifake_core.networks.ensemble import ensemble_sha256
from cifake_core.networks.registry import NETWORKS, OWN, PAPERS

if TYPE_CHECKING:
    import keras

WEIGHTS_FILE: Final = "model.keras"
#: The weights again, as LiteRT runs them.
RUNTIME_FILE: Final = "model.tflite"
CARD_FILE: Final = "card.json"
HISTORY_FILE: Final = "history.csv"
SCORES_FILE: Final = "test_scores.parquet"
CORRUPTIONS_FILE: Final = "corruption_scores.parquet"
VALIDATION_FILE: Final = "validation_scores.parquet"
GENERATORS_FILE: Final = "generators.npz"
MAP_FILE: Final = "embedding_map.npz"
ATTENTION_FILE: Final = "attention.npz"


def available(models: Path) -> tuple[str, ...]:
    """Return our own networks whose weights are there, in menu order."""
    return tuple(name for name in OWN if _has_weights(name, models))


def available_papers(models: Path) -> tuple[str, ...]:
    """Return the papers' networks whose weights are there, in menu order."""
    return tuple(name for name in PAPERS if _has_weights(name, models))


def load_card(folder: Path) -> NetworkCard:
    """Card of the network in `folder`, which has weights of its own.

    Raises:
        ModelUnavailableError: If there is none, or it is damaged or of another schema.
    """
    path = folder / CARD_FILE
    return _network_card(path, _modified(path))


def load_ensemble_card(folder: Path) -> EnsembleCard:
    """Card of the ensemble in `folder`.

    Raises:
        ModelUnavailableError: If there is none, or it is damaged or of another schema.
    """
    path = folder / CARD_FILE
    return _ensemble_card(path, _modified(path))


def write_card(folder: Path, card: Card) -> None:
    """Write the card of `folder` whole or not at all.

    Raises:
        OSError: If it cannot be written.
    """
    _card_file(folder / CARD_FILE).write(card)


def revision(name: str, models: Path) -> str:
    """SHA-256 that names a network's weights, 64 hex digits.

    That of an ensemble names its members' weights and what each of them counts.

    Raises:
        ModelUnavailableError: If there is no card, or an ensemble's does not fit its
            members.
        UnknownNameError: If there is no such network.
    """
    if lookup(NETWORKS, name, kind="network").members:
        return _fitting_card(name, models).model_sha256
    return load_card(models / name).model_sha256


def revisions(models: Path) -> dict[str, str]:
    """`revision` of each of our own networks that has weights, by its name.

    Raises:
        ModelUnavailableError: If a card is missing or does not fit.
    """
    return {name: revision(name, models) for name in available(models)}


def ensemble_weights(name: str, models: Path) -> dict[str, float]:
    """What each member's logit counts in the ensemble, from its card.

    Raises:
        ModelUnavailableError: If the card is missing or damaged, or was made for
            other weights than those of the members' cards.
    """
    return dict(_fitting_card(name, models).weights)


def load_model(folder: Path) -> "keras.Model":
    """Trained network in `folder`, uncompiled.

    Raises:
        ModelUnavailableError: If it is missing, corrupted or not what its card
            vouches for.
    """
    card = load_card(folder)
    path = folder / WEIGHTS_FILE
    if not path.is_file() and card.name in PAPERS:  # too large to be shipped
        msg = f"The weights {path} are missing. {_how_to_make(card.name)}"
        raise ModelUnavailableError(msg)
    if not path.is_file() or file_sha256(path) != card.model_sha256:
        msg = (
            f"The weights {path} are missing or not the ones their card vouches "
            f"for (SHA-256 {card.model_sha256[:12]}…). Get them again, for "
            "example with `git checkout -- models`."
        )
        raise ModelUnavailableError(msg)
    import keras  # noqa: PLC0415 - takes seconds; a page lists networks without it

    try:
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    except (ValueError, TypeError, OSError) as error:
        msg = f"The weights {path} do not fit this version of Keras: {error}."
        raise ModelUnavailableError(msg) from error


def read_runtime_file(folder: Path) -> bytes | None:
    """Converted network in `folder`, or None if its card names none.

    Raises:
        ModelUnavailableError: If it is missing or not what the card vouches for.
    """
    vouched = load_card(folder).runtime
    if vouched is None:
        return None
    path = folder / vouched.file
    if not path.is_file() or file_sha256(path) != vouched.sha256:
        msg = (
            f"The converted network {path} is missing or not the one its card vouches "
            f"for (SHA-256 {vouched.sha256[:12]}…). Get it again, for example with "
            "`git checkout -- models`."
        )
        raise ModelUnavailableError(msg)
    return path.read_bytes()


def save_model(model: "keras.Model", folder: Path) -> str:
    """Write the weights of `folder` whole or not at all; return their SHA-256.

    Large kernels whose values float16 can hold take half the space.

    Raises:
        OSError: If they cannot be written.
    """
    from cifake_core.networks.compact import compact  # noqa: PLC0415 - h5py is slow

    path = folder / WEIGHTS_FILE
    with write_whole(path) as scratch:
        model.save(scratch)
        compact(scratch)
    return file_sha256(path)


def _modified(path: Path) -> int:
    """Time of a file's last change in nanoseconds, 0 if it cannot be had."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0  # reading it says what is wrong


@lru_cache(maxsize=64)  # every verdict asks for the hashes of all networks
def _network_card(path: Path, modified: int) -> NetworkCard:
    """Card in a file as it was when it was last written."""
    del modified  # only part of the key
    return _card_file(path).read(NetworkCard)


@lru_cache(maxsize=8)
def _ensemble_card(path: Path, modified: int) -> EnsembleCard:
    """Card in a file as it was when it was last written."""
    del modified  # only part of the key
    return _card_file(path).read(EnsembleCard)


def _card_file(path: Path) -> Artefact:
    """The card in a file, as an artefact."""
    return Artefact(path, what="card", remedy=_how_to_make(path.parent.name))


def _fitting_card(name: str, models: Path) -> EnsembleCard:
    """Card of an ensemble that was made for the members that are there."""
    folder = models / name
    card = load_ensemble_card(folder)
    expected = NETWORKS[name].members
    fits = tuple(card.members) == tuple(card.weights) == expected
    if not fits or card.model_sha256 != ensemble_sha256(card.members, card.weights):
        msg = (
            f"The card {folder / CARD_FILE} is not that of an ensemble of "
            f"{' and '.join(expected)}. {_how_to_make(name)}"
        )
        raise ModelUnavailableError(msg)
    _card_file(folder / CARD_FILE).check_weights(
        card.members,
        {member: load_card(models / member).model_sha256 for member in expected},
    )
    return card


def _how_to_make(name: str) -> str:
    """Return the sentence on how to get the weights of a network."""
    if name in PAPERS:
        return f"Make it with `python -m cifake_core reproduce {name}`."
    if name in NETWORKS and NETWORKS[name].members:
        return f"Make it with `python -m cifake_core ensemble {name}`."
    return f"Train it with `python -m cifake_core train {name}` and promote the run."


def _has_weights(name: str, models: Path) -> bool:
    """True if a network's files are there; an ensemble has a card alone."""
    members = NETWORKS[name].members
    own = CARD_FILE if members else WEIGHTS_FILE
    return (models / name / own).is_file() and all(
        _has_weights(member, models) for member in members
    )
