"""Running of a scan: every shard that has no file yet is done, by an engine."""

from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from cifake_core.basics.artefacts import Artefact, to_json
from cifake_core.basics.errors import JobError
from cifake_core.basics.progress import ProgressCallback, tell_nobody
from cifake_core.jobs import made_with
from cifake_core.jobs.engines.protocol import Engine
from cifake_core.jobs.locking import only_one
from cifake_core.jobs.scan.manifest import read_plan
from cifake_core.jobs.scan.records import (
    KEY_FILE,
    SHARDS_FOLDER,
    Plan,
    RunKey,
    ScanOrder,
    shard_file,
)
from cifake_core.verdicts.scope import known_generators, scope_of


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ScanEnd:
    """End of a scan: shards done now and before, and those that were given up."""

    done: int
    done_before: int
    given_up: tuple[int, ...]


def run_scan(
    run: Path,
    *,
    models: Path,
    engine: Engine,
    progress: ProgressCallback = tell_nobody,
) -> ScanEnd:
    """Do all shards of a run that have no file yet.

    Args:
        run: the folder that `manifest.make_plan` made.
        models: the folder of trained networks.
        engine: does the shards.
        progress: told the share of what was left at the start, 0 to 1.

    Raises:
        CifakeError: If there is no plan, the run was begun with another manifest,
            weights or policy, another process is at work in it, or a worker cannot
            do its work.
    """
    plan = read_plan(run)
    with only_one(run, "The scan"):
        _check_key(run, key_of(plan, models))
        _sweep(run)
        left = shards_left(run, plan)
        order = ScanOrder(run=run.resolve(), place=plan.place, models=models.resolve())
        given_up = []
        try:
            with closing(engine.work(order, left)) as ends:
                for number, end in enumerate(ends, 1):
                    if not end.is_done:
                        given_up.append(end.shard)
                    progress(number / len(left))
        finally:
            _sweep(run)  # a worker may have died meanwhile
    return ScanEnd(
        done=len(left) - len(given_up),
        done_before=plan.num_shards - len(left),
        given_up=tuple(given_up),
    )


def shards_left(run: Path, plan: Plan) -> Sequence[int]:
    """Shards that have no file yet, in order."""
    return [
        shard
        for shard in range(plan.num_shards)
        if not shard_file(run, shard).is_file()
    ]


def key_of(plan: Plan, models: Path) -> RunKey:
    """Key of a run with the networks of a folder.

    Raises:
        ModelUnavailableError: If a card is missing or does not fit.
    """
    weights = made_with.weights(models)
    if not weights:
        msg = f"There are no trained networks in {models}. Train and promote them."
        raise JobError(msg)
    return RunKey(
        manifest_sha256=plan.manifest_sha256,
        weights=weights,
        policy=made_with.policy(models),
        known={name: known_generators(name, models) for name in weights},
        sentences=scope_of(weights, models).sentences,
    )


def read_key(run: Path) -> RunKey:
    """Key with which a run was begun.

    Raises:
        NotMadeError: If it was not begun.
        ModelUnavailableError: If it is damaged.
    """
    return _artefact(run).read(RunKey)


def _check_key(run: Path, key: RunKey) -> None:
    """Check that a run was begun with this key; one that was not has it from now on."""
    artefact = _artefact(run)
    if not artefact.path.is_file():
        artefact.write(key)
        return
    begun, now = to_json(artefact.read(RunKey)), to_json(key)
    names = {"manifest_sha256": "manifest", "weights": "weights", "policy": "policy"}
    changed = [word for name, word in names.items() if begun[name] != now[name]]
    if changed:
        msg = (
            f"The run in {run} was begun with another {' and '.join(changed)}, and its "
            "shards must all be made alike. Put back what it was begun with, or plan "
            "another run."
        )
        raise JobError(msg)


def _sweep(run: Path) -> None:
    """Delete what workers that were killed had begun to write."""
    for path in (run / SHARDS_FOLDER).glob("part.*"):
        with suppress(OSError):
            path.unlink()


def _artefact(run: Path) -> Artefact:
    """The key of a run."""
    return Artefact(
        run / KEY_FILE,
        what="key of a scan",
        remedy="Begin with `python -m cifake_core scan run RUN`.",
    )
