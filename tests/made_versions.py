"""Versions made by hand: trees of models whose cards vouch for a few bytes."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from cifake_core.accounts.records import ANYBODY
from cifake_core.basics.files import write_whole
from cifake_core.networks import store
from cifake_core.versions.records import Version
from cifake_core.versions.registry import VersionRegistry
from tests.cards import network_card, put_ensemble

#: Whoever promotes and goes back.
ANN, BOB = (replace(ANYBODY, name=name) for name in ("ann", "bob"))
#: What the gate says of a version that may be promoted, but for `against`.
PASSED = {
    "passed": True,
    "checks": [
        {"name": "leak_free", "old": 0.98, "new": 0.98, "limit": 0.978, "passed": True}
    ],
}
FAILED = {
    "passed": False,
    "checks": [
        *PASSED["checks"],
        {"name": "recall", "old": 0.5, "new": 0.4, "limit": 0.5, "passed": False},
        {"name": "ece", "old": 0.0, "new": 0.2, "limit": 0.01, "passed": False},
    ],
}


def put_models(models: Path, taught: str = "shipped") -> Path:
    """Write two networks and their ensemble; the 2D-CNN's weights say `taught`."""
    for name, weights in (("cnn", taught), ("cnn3d", "never taught")):
        put_weights(models, name, weights)
    put_ensemble(models)
    (models / "policy.json").write_text("{}", "utf-8")
    return models


def put_weights(models: Path, name: str, weights: str) -> None:
    """Write a network's weights and its card, each whole and renamed."""
    folder = models / name
    folder.mkdir(parents=True, exist_ok=True)
    data = weights.encode() * 1000
    with write_whole(folder / store.WEIGHTS_FILE) as scratch:
        scratch.write_bytes(data)
    card = network_card(name, hashlib.sha256(data).hexdigest())
    store.write_card(folder, card)


def teach(registry: VersionRegistry, parent: int = 1, **changes: Any) -> Version:
    """Add a candidate whose 2D-CNN's weights name its parent and reason."""
    fields = {
        "network": "cnn",
        "recipe": {"epochs": 3},
        "datasets": {"newgan": "d1"},
        "metrics": {"accuracy": 0.9},
        "who": "ann",
        "why": "a new GAN",
    } | changes
    with registry.tree(parent) as tree:
        put_models(tree, f"{parent}: {fields['why']}")
        return registry.add(tree, parent=parent, **fields)


def pass_gate(registry: VersionRegistry, number: int) -> Version:
    """Let the gate pass a version against that in use."""
    against = registry.in_use().number
    return registry.record_gate(
        number, PASSED | {"version": number, "against": against}
    )


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
