"""Records of a scan: what it is about, and what its shards are made with."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

MANIFEST_FILE: Final = "manifest.parquet"
PLAN_FILE: Final = "plan.json"
KEY_FILE: Final = "key.json"
SHARDS_FOLDER: Final = "shards"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Plan:
    """Plan of a scan: the items of `place`, cut into shards of `shard_size` at most.

    `manifest_sha256` is that of the manifest, in which the items stand.
    """

    SCHEMA: ClassVar[int] = 1

    place: str
    num_items: int
    num_shards: int
    shard_size: int
    manifest_sha256: str


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RunKey:
    """What all shards of a run are made with: manifest, weights and policy.

    `weights` has the SHA-256 of each network, `policy` that of each file that
    decisions and their scope follow from. `known` names the generators that each
    network has learnt, `sentences` are the scope's.
    """

    SCHEMA: ClassVar[int] = 1

    manifest_sha256: str
    weights: Mapping[str, str]
    policy: Mapping[str, str]
    known: Mapping[str, tuple[str, ...]]
    sentences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ScanOrder:
    """What a worker needs to know: the run's folder, the source and the networks."""

    run: Path
    place: str
    models: Path


def shard_file(run: Path, shard: int) -> Path:
    """File of a shard, which is there once the shard is done."""
    return run / SHARDS_FOLDER / f"{shard:06}.parquet"
