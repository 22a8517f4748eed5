"""`train`: a network from the training pictures, or a finished run to models/."""

import signal
from pathlib import Path

from cifake_core.basics.errors import CifakeError, TrainingError
from cifake_core.basics.registry import lookup
from cifake_core.basics.silence import quiet
from cifake_core.cli.context import Context
from cifake_core.cli.terminal.drawing import drawn_fakes
from cifake_core.cli.terminal.output import command_line, percent, tell
from cifake_core.cli.terminal.parameters import Epochs, Flag, FromDoor, Numbers
from cifake_core.cli.terminal.progress import TrainingBars, progress_bar
from cifake_core.cli.terminal.tensorflow import import_tensorflow
from cifake_core.data import cifake
from cifake_core.generators.service import FOLDER
from cifake_core.networks import NETWORKS, store
from cifake_core.training import run_folder
from cifake_core.training.recipes import RECIPES, TrainConfig, numbers, resumed, varied


# 43 lines: the options, one a line, are most of it
def run(  # noqa: PLR0913 - the command's options
    network: str | None = None,
    /,
    *,
    data: Path | None = None,
    epochs: Epochs = None,
    settings: Numbers = (),
    resume: Flag = False,
    out: Path | None = None,
    promote: Path | None = None,
    context: FromDoor,
) -> None:
    """Train a network, or ship a finished run.

    Args:
        network: the network to train.
        data: the zip or folder with train/ and test/; by default CIFAKE_DATA, data/ in
            the checkout, or what `data download` got.
        epochs: times over all pictures in all, if not as in the network's recipe.
        settings: a number of the recipe, such as corrupted=0, for a trial; an unknown
            name is answered with the list.
        resume: go on after the last finished epoch of an interrupted run.
        out: the folder of the run; by default one in the user's cache.
        promote: train nothing; put the network of this finished run into models/.
        context: has the folder of networks, and trains.
    """
    others = bool(network or data or epochs or settings or resume or out)
    if promote is not None and not others:
        _promote(promote, context)
        return
    if promote is not None or network is None:
        msg = (
            "Expected either the name of a network to train or --promote with the "
            "folder of a finished run, and nothing else beside the latter."
        )
        raise CifakeError(msg)
    lookup(NETWORKS, network, kind="network")
    place = out or run_folder.default_run(network)
    config = (
        _resumed_config(place, epochs, dict(settings))
        if resume
        else _config(network, epochs, dict(settings))
    )
    go_on = _command_to_go_on(network, data, out)
    path = cifake.find(data)
    with progress_bar("Reading the training pictures, once") as progress:
        cifake.load(path, "train", progress=progress)
    tell(f"If this is stopped, go on after the last finished epoch: {go_on}")
    # `kill`, too, ends in the sentence that says how to go on
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _train(network, path, place, config, resume=resume, context=context)
    except KeyboardInterrupt as stop:
        raise KeyboardInterrupt(_how_to_go_on(place, go_on)) from stop
    finally:
        signal.signal(signal.SIGTERM, before)
    print(_summary(place, data))


def _promote(finished: Path, context: Context) -> None:
    """Put the network of a finished run in the place of the shipped one."""
    import_tensorflow()
    with quiet():  # converting a network fills pages
        place = run_folder.promote(finished, context.shipped)
    print(f"{place} now holds the network of {finished}.")


def _config(network: str, epochs: int | None, changes: dict[str, float]) -> TrainConfig:
    """Return the network's recipe with the changes of a trial."""
    config = lookup(RECIPES, network, kind="network that can be trained")
    if epochs is not None:
        changes = {"tail": 0, **changes, "epochs": epochs}
    return varied(config, changes)


def _resumed_config(
    place: Path, epochs: int | None, changes: dict[str, float]
) -> TrainConfig:
    """Return the recipe of the run to be resumed; only its tail may be changed."""
    if epochs is not None:
        changes["epochs"] = epochs
    config = resumed(run_folder.read_checkpoint(place).settings, TrainConfig)
    if "tail" in changes:
        config = varied(config, {"tail": changes.pop("tail")})
    before, after = numbers(config), numbers(varied(config, changes))
    others = [
        f"{name} {before[name]}, not {after[name]}"
        for name in changes
        if before[name] != after[name]
    ]
    if others:
        msg = (
            f"The run in {place} was started with {'; '.join(others)}. Leave out "
            "--epochs and --set, or start another with --out."
        )
        raise TrainingError(msg)
    return config


def _train(  # noqa: PLR0913 - what, from where, to where, how
    network: str,
    data: Path,
    place: Path,
    config: TrainConfig,
    *,
    resume: bool,
    context: Context,
) -> None:
    """Train, with a bar for each epoch."""
    bars = TrainingBars()
    try:
        context.train(
            network,
            data=data,
            run=place,
            config=config,
            resume=resume,
            fakes=drawn_fakes(data, context.models / FOLDER),
            progress=bars,
        )
    finally:
        bars.close()


def _summary(place: Path, data: Path | None) -> str:
    """Return the words on a finished run: figures, place and next steps."""
    figures = store.load_card(place).validation
    words = ("--data", str(data)) if data else ()
    evaluate = command_line("evaluate", str(place), "--save", *words)
    promote = command_line("train", "--promote", str(place))
    return (
        f"Validation accuracy {percent(figures.accuracy)}, n = {figures.n:,}.\n"
        f"The finished network lies in {place}. Measure it on the test pictures, "
        f"then ship it:\n  {evaluate}\n  {promote}"
    )


def _command_to_go_on(network: str, data: Path | None, out: Path | None) -> str:
    """Return the command that goes on with a run."""
    words = ["train", network, "--resume"]
    for name, value in (("--data", data), ("--out", out)):
        words += [name, str(value)] if value else []
    return command_line(*words)


def _how_to_go_on(place: Path, go_on: str) -> str:
    """Return the sentence for someone who stopped a run."""
    if not (place / run_folder.CHECKPOINT_FILE).exists():
        return "Stopped before the first epoch was finished; start the command again."
    return f"Stopped. Go on after the last finished epoch: {go_on}"
