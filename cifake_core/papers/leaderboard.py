"""Leaderboard: each network's measured figures beside what its paper claims."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.estimates import Estimate
from cifake_core.networks import NETWORKS, store
from cifake_core.networks.inspection import layer_summary
from cifake_core.papers.claims import CLAIMS, SYSTEMS, Claim

_FIGURES: Final = ("parameters", "multiply_adds", "epochs", "seconds", "milliseconds")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class LeaderboardEntry:
    """What is known of one network: what it costs and, once trained, how it did.

    `accuracy` is on the official test set of `n` pictures, `leak_free` on the
    leak-free one. `seconds` is the time of training, `milliseconds` that of one
    picture. What is not known is None.
    """

    network: str
    parameters: int | None = None
    multiply_adds: int | None = None
    n: int | None = None
    accuracy: Estimate | None = None
    leak_free: Estimate | None = None
    epochs: int | None = None
    seconds: float | None = None
    milliseconds: float | None = None


def read(models: Path) -> dict[str, LeaderboardEntry]:
    """Return the leaderboard: an entry for every network with weights of its own.

    A paper's network that is not trained, or whose card cannot be read, stands there
    with what it costs, if the table of layers is there.
    """
    try:
        table = layer_summary.read(models)
    except ModelUnavailableError:
        table = {}
    return {
        name: _entry(name, models, table.get(name, ()))
        for name, spec in NETWORKS.items()
        if not spec.members
    }


def to_csv(entries: Mapping[str, LeaderboardEntry]) -> str:
    """Return a line for each claim, and for each network of which none is made.

    Accuracies are in percent, the last columns are ours. `measured_on` says what a
    claim is about; what is not known is empty.
    """
    claimed = {claim.network for claim in CLAIMS}
    rows = [
        {"system": SYSTEMS[claim.system].title, "name": claim.name}
        | _row(claim, entries.get(claim.network or ""))
        for claim in CLAIMS
    ]
    rows += [
        {"system": "this product", "name": NETWORKS[name].title} | _row(None, found)
        for name, found in entries.items()
        if name not in claimed
    ]
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _entry(
    name: str, models: Path, table: Sequence[layer_summary.Layer]
) -> LeaderboardEntry:
    """Return the entry of one network."""
    try:
        card = store.load_card(models / name)
    except ModelUnavailableError:
        return LeaderboardEntry(
            network=name,
            parameters=sum(layer.parameters for layer in table) or None,
            multiply_adds=sum(layer.multiply_adds for layer in table) or None,
        )
    official = card.test and card.test["official"]
    leak_free = card.test and card.test["leak_free"]
    return LeaderboardEntry(
        network=name,
        parameters=card.parameters,
        multiply_adds=card.multiply_adds,
        n=official.n if official else None,
        accuracy=official.accuracy if official else None,
        leak_free=leak_free.accuracy if leak_free else None,
        epochs=card.epochs,
        seconds=card.seconds,
        milliseconds=card.milliseconds,
    )


def _row(claim: Claim | None, found: LeaderboardEntry | None) -> dict[str, Any]:
    """Return the line of the CSV for a claim and its network."""
    row: dict[str, Any] = {
        "network": found.network if found else "",
        "measured_on": claim.ground if claim else "",
        "claimed_at_least": claim.at_least if claim else "",
    }
    for measure in ("accuracy", "precision", "recall", "f1"):
        row[f"claimed_{measure}"] = getattr(claim, measure, None)
    row["n"] = found.n if found else None
    for name in ("accuracy", "leak_free"):
        estimate = getattr(found, name, None)
        for part in ("value", "low", "high"):
            share = getattr(estimate, part, None)
            row[f"{name}_{part}"] = None if share is None else f"{100 * share:.3f}"
    row |= {name: getattr(found, name, None) for name in _FIGURES}
    return row | {"differs": claim.differs if claim else ""}
