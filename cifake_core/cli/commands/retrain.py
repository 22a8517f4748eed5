"""`retrain`: teach a network data sets of one's own; it becomes a candidate version."""

import signal
from pathlib import Path
from typing import Annotated, Final

from cyclopts import Parameter

from cifake_core.cli.terminal.drawing import drawn_fakes
from cifake_core.cli.terminal.output import (
    command_line,
    duration,
    print_json,
    print_table,
    tell,
)
from cifake_core.cli.terminal.parameters import Flag, FromDoor
from cifake_core.cli.terminal.tensorflow import import_tensorflow
from cifake_core.data import cifake
from cifake_core.data.datasets.library import FOLDER as DATASETS
from cifake_core.generators.service import FOLDER
from cifake_core.networks.pool import NetworkPool
from cifake_core.retraining.recipe import RETRAIN, RetrainConfig
from cifake_core.training.run_folder import default_run
from cifake_core.verdicts.threshold_choice import PolicyConfig
from cifake_core.versions.records import Version

_CONFIG: Final = RETRAIN
_POLICY: Final = PolicyConfig()


def run(  # noqa: PLR0913 - the options of a command, and what tests hand in
    network: str,
    /,
    *,
    on: Annotated[tuple[str, ...], Parameter(consume_multiple=True)],
    minutes: float | None = None,
    data: Path | None = None,
    resume: Flag = False,
    out: Path | None = None,
    json: Flag = False,
    context: FromDoor,
    config: Annotated[RetrainConfig, Parameter(parse=False)] = _CONFIG,
    policy: Annotated[PolicyConfig, Parameter(parse=False)] = _POLICY,
) -> None:
    """Teach a network data sets of one's own; it becomes a candidate.

    It starts from the network in use. Half of what it sees is new, half is what it
    learnt before. The candidate is not used before it has passed `gate` and is
    promoted with `versions promote`.

    Args:
        network: cnn, cnn3d or cnn_multi.
        on: names of data sets, as `data add` gave them.
        minutes: the most that the training itself may take; scoring the candidate and
            choosing its thresholds takes some more.
        data: the zip or folder of CIFAKE; by default CIFAKE_DATA, data/ in the
            checkout, or what `data download` got.
        resume: go on after the last finished epoch of an interrupted run.
        out: the folder of the run; by default one in the user's cache.
        json: one JSON object on the last line.
        context: has the versions.
        config: the recipe.
        policy: how much is asked of the verdicts.
    """
    import_tensorflow()
    # loads TensorFlow
    from cifake_core.retraining.service import Teaching, teach  # noqa: PLC0415

    path = cifake.find(data)
    place = out or default_run(f"retrain-{network}")
    teaching = Teaching(
        network=network,
        on=on,
        datasets=context.user_data / DATASETS,
        data=path,
        fakes=drawn_fakes(path, context.models / FOLDER),
        minutes=minutes,
        base=config,
        policy=policy,
        open_pool=lambda models: NetworkPool(models, load=context.load),
    )
    tell(f"To pause it, make the file {place / 'pause'}; to stop it, {place / 'stop'}.")
    # `kill`, too, leaves the word that it was stopped
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        version = teach(
            teaching,
            registry=context.versions,
            run=place,
            by=context.who,
            resume=resume,
        )
    finally:
        signal.signal(signal.SIGTERM, before)
    _show(version, json=json)


def _show(version: Version, *, json: bool) -> None:
    """Print what the teaching came to, and what comes next."""
    after, before = version.metrics["validation"], version.metrics["before"]
    if json:
        print_json(
            {
                "version": version.number,
                "network": version.network,
                "parent": version.parent,
                "seconds": round(version.metrics["seconds"], 1),
                "validation": after,
            }
        )
        return
    print(
        f"Version {version.number} is a candidate: the {version.network} of version "
        f"{version.parent}, taught for {duration(version.metrics['seconds'])}. On "
        "validation pictures:"
    )
    rows = [
        (
            f"{name}: {generator}",
            f"{found['n']:,}",
            *(
                f"{each['sets'][name]['generators'][generator]['recall']:.1%}"
                for each in (before, after)
            ),
        )
        for name, held in after["sets"].items()
        for generator, found in held["generators"].items()
    ]
    accuracy = [f"{each['accuracy']:.2%}" for each in (before, after)]
    print_table(
        ("fakes by", "number", "found before", "found now"),
        [*rows, ("CIFAKE, rightly called", f"{after['n']:,}", *accuracy)],
    )
    print(f"Next: {command_line('gate', str(version.number))}")
