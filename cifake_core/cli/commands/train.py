"""`train`: a network from the training pictures, or a finished run to models/."""

import signal
from argparse import Namespace
from pathlib import Path

from cifake_core.basics.errors import CifakeError, TrainingError
from cifake_core.basics.registry import lookup
from cifake_core.cli.terminal.last_words import last_words
from cifake_core.cli.terminal.output import (
    ProgressLine,
    command_line,
    duration,
    import_tensorflow,
    share_line,
    tell,
)
from cifake_core.data import cifake
from cifake_core.networks import NETWORKS, store
from cifake_core.training import run_folder
from cifake_core.training.recipes import RECIPES, TrainConfig, numbers, resumed, varied
from cifake_core.training.records import TrainingProgress

_INTERRUPTED = 130


def run(options: Namespace) -> int:
    """Train a network, go on with a run, or promote a finished one."""
    others = (
        options.network,
        options.data,
        options.epochs,
        options.settings or None,
        options.out,
        options.resume or None,
    )
    if options.promote is not None and others == (None,) * len(others):
        return _promote(options.promote)
    if options.promote is not None or options.network is None:
        msg = (
            "Expected either the name of a network to train or --promote with the "
            "folder of a finished run, and nothing else beside the latter."
        )
        raise CifakeError(msg)
    lookup(NETWORKS, options.network, kind="network")
    place = options.out or run_folder.default_run(options.network)
    # `kill`, too, ends in the sentence that says how to go on
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with last_words(_how_it_was_killed(options)):
            return _train(options, place)
    except KeyboardInterrupt:
        tell(_how_to_go_on(options, place))
        return _INTERRUPTED
    finally:
        signal.signal(signal.SIGTERM, before)


def _train(options: Namespace, place: Path) -> int:
    """Train, and say where the network lies and what comes next."""
    config = _config(options, place)
    data = cifake.find(options.data)
    with share_line("Reading the training pictures, once") as progress:
        cifake.load(data, "train", progress=progress)
    import_tensorflow()
    from cifake_core.training.train import train  # noqa: PLC0415 - loads TensorFlow

    line = ProgressLine()
    try:
        train(
            options.network,
            data=data,
            run=place,
            config=config,
            resume=options.resume,
            progress=lambda state: line.show(
                in_words(state), keep=state.batch == state.num_batches
            ),
        )
    finally:
        line.close()
    print(_summary(options, place))
    return 0


def _config(options: Namespace, place: Path) -> TrainConfig:
    """Return the network's recipe, or that of the run to be resumed."""
    config = lookup(RECIPES, options.network, kind="network that can be trained")
    changes = dict(options.settings)
    if options.epochs is not None:
        changes["epochs"] = options.epochs
    if not options.resume:
        whole = {} if options.epochs is None else {"tail": 0}
        return varied(config, whole | changes)
    config = resumed(run_folder.read_checkpoint(place).settings)
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


def _promote(finished: Path) -> int:
    """Put the network of a finished run in the place of the shipped one."""
    import_tensorflow()
    place = run_folder.promote(finished, store.MODELS)
    print(f"{place} now holds the network of {finished}.")
    return 0


def in_words(state: TrainingProgress) -> str:
    """Return where a run stands, on one line."""
    words = [
        f"epoch {state.epoch}/{state.num_epochs}",
        f"{state.batch / state.num_batches:.0%}",
        f"loss {state.loss:.3f}",
        f"accuracy {state.accuracy:.1%}",
    ]
    if state.validation_accuracy is not None:
        words.append(f"last validation {state.validation_accuracy:.2%}")
    return ", ".join((*words, f"{duration(state.seconds_left)} left"))


def _summary(options: Namespace, place: Path) -> str:
    """Return what a finished run gave, where it lies and what comes next."""
    figures = store.load_card(place)["validation"]
    low, high = figures["accuracy_ci95"]
    data = ("--data", str(options.data)) if options.data else ()
    evaluate = command_line("evaluate", str(place), "--save", *data)
    promote = command_line("train", "--promote", str(place))
    return (
        f"Validation accuracy {figures['accuracy']:.2%} (95% interval {low:.2%} to "
        f"{high:.2%}, n = {figures['n']:,}).\n"
        f"The finished network lies in {place}. Measure it on the test pictures, "
        f"then ship it:\n  {evaluate}\n  {promote}"
    )


def _how_to_go_on(options: Namespace, place: Path) -> str:
    """Return the sentence for someone who stopped a run."""
    if not (place / run_folder.CHECKPOINT_FILE).exists():
        return "Stopped before the first epoch was finished; start the command again."
    return f"Stopped. Go on after the last finished epoch: {_resume(options)}"


def _how_it_was_killed(options: Namespace) -> str:
    """Return the sentence for someone whose run the system has ended."""
    return (
        "The training was killed, as happens when memory runs out. Close other "
        "programs; if an epoch was finished, go on after the last one, else start the "
        f"command again: {_resume(options)}"
    )


def _resume(options: Namespace) -> str:
    """Return the command that goes on with a run."""
    words = ["train", options.network, "--resume"]
    for name, value in (("--data", options.data), ("--out", options.out)):
        words += [name, str(value)] if value else []
    return command_line(*words)
