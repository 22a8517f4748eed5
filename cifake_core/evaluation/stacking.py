"""Stacking: the weights of an ensemble, fitted on its members' validation scores."""

from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import numpy as np

from cifake_core import __version__
from cifake_core.basics.arrays import Floats
from cifake_core.basics.registry import lookup
from cifake_core.evaluation import scores
from cifake_core.evaluation.calibration import fit_weights
from cifake_core.evaluation.score_files import check_same_pictures
from cifake_core.networks import NETWORKS, store
from cifake_core.networks.card import EnsembleCard, Metrics
from cifake_core.networks.ensemble import ensemble_sha256, weighted_sum


def fit_ensemble(name: str, models: Path) -> Path:
    """Fit an ensemble of the members in `models` and write its card.

    The weighted sum of the members' logits is itself calibrated: the weights are those
    of least cross-entropy on the validation pictures. Metrics on the test sets follow
    where all members have test scores.

    Args:
        name: of an ensemble in `NETWORKS`.
        models: the folder of trained networks; the card goes to its subfolder `name`.

    Returns:
        The ensemble's folder.

    Raises:
        UnknownNameError: If there is no such ensemble.
        ModelUnavailableError: If a member's validation scores are missing, damaged or
            made with other weights.

    Source: Ting & Witten 1999, doi:10.1613/jair.594.
    """
    ensembles = {each: spec.members for each, spec in NETWORKS.items() if spec.members}
    members = lookup(ensembles, name, kind="ensemble")
    parts = {
        member: scores.read(member, models, store.VALIDATION_FILE) for member in members
    }
    check_same_pictures(
        {member: part.members for member, part in parts.items()}, store.VALIDATION_FILE
    )
    first = parts[members[0]]
    votes = [part.logits for part in parts.values()]
    fitted = fit_weights(first.labels, np.stack(votes))
    weights = dict(zip(members, fitted, strict=True))
    hashes = {member: part.model_sha256 for member, part in parts.items()}
    folder = models / name
    folder.mkdir(parents=True, exist_ok=True)
    card = EnsembleCard(
        name=name,
        members=hashes,
        weights=weights,
        model_sha256=ensemble_sha256(hashes, weights),
        calibration="least cross-entropy on validation, no intercept",
        code_version=__version__,
        versions={package: version(package) for package in ("numpy", "scipy")},
        validation=_validation(first, votes, weights),
    )
    store.write_card(folder, card)
    if all((models / member / store.SCORES_FILE).is_file() for member in members):
        test = scores.test_metrics(scores.read(name, models))
        store.write_card(folder, replace(card, test=test))
    return folder


def refit_ensembles(member: str, models: Path) -> list[Path]:
    """Fit every ensemble of a network anew, where all members have validation scores.

    Args:
        member: the network whose weights are new.
        models: the folder of trained networks.

    Returns:
        The folders of the ensembles that were fitted.

    Raises:
        ModelUnavailableError: If a member's validation scores are damaged, on other
            pictures or made with other weights.
    """
    return [
        fit_ensemble(name, models)
        for name, spec in NETWORKS.items()
        if member in spec.members
        and all(
            (models / each / store.VALIDATION_FILE).is_file() for each in spec.members
        )
    ]


def _validation(
    first: scores.Scores, votes: list[Floats], weights: Mapping[str, float]
) -> Metrics:
    """Return the ensemble's metrics on the validation pictures."""
    logits = weighted_sum(votes, tuple(weights.values()))
    return replace(first, logits=logits).report(leak_free=False).metrics
