"""Reproduction of the papers' networks: trained by their recipes, and measured."""

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.registry import lookup
from cifake_core.data import cifake
from cifake_core.data.cifake import Split
from cifake_core.evaluation.latency import latency_milliseconds
from cifake_core.evaluation.scores import keep, score
from cifake_core.networks import store
from cifake_core.training import run_folder as runs
from cifake_core.training.recipes import PAPER_RECIPES, PaperConfig
from cifake_core.training.records import TrainingProgress

#: Weights of more bytes are left out of what is shipped.
MAX_SHIPPED: Final = 30_000_000


def reproduce(  # noqa: PLR0913 - what, from where, to where, how long: by keyword
    name: str,
    *,
    data: Path,
    models: Path,
    epochs: int | None = None,
    progress: Callable[[TrainingProgress], None] | None = None,
    scoring: Callable[[float], None] | None = None,
) -> Path:
    """Train and measure one of the papers' networks, as far as that is not done.

    An interrupted run goes on after its last finished epoch; a finished one may
    get more epochs.

    Args:
        name: of the network, a key of `PAPER_RECIPES`.
        data: zip or folder of the data set.
        models: the folder of shipped networks.
        epochs: at most so many, if not as in the recipe.
        progress: told how far the training is.
        scoring: told the share of the test pictures that is scored, 0 to 1.

    Returns:
        The network's folder in `models` if the data set is CIFAKE as published,
        else that of its run.

    Raises:
        UnknownNameError: If no paper has such a network.
        DatasetError: If the data set is missing, corrupted or wholly leaked.
        TrainingError: If the run cannot go on or be written.
    """
    recipe = lookup(PAPER_RECIPES, name, kind="paper's network")
    config = replace(recipe, epochs=epochs or recipe.epochs)
    train, test = cifake.load(data, "train"), cifake.load(data, "test")
    cifake.check_leak_free(test, train, data)
    run = run_folder(name, train)
    if not _is_done(run, config):
        from cifake_core.training.train import train as train_network  # noqa: PLC0415 - loads TensorFlow

        resume = (run / runs.CHECKPOINT_FILE).exists()
        train_network(
            name, data=data, run=run, config=config, resume=resume, progress=progress
        )
        measure(run, test, train, progress=scoring)
    published = cifake.digest(train, test) == cifake.PUBLISHED_DIGEST
    return ship(run, models) if published else run


def run_folder(name: str, train: Split) -> Path:
    """Return the run folder of a paper's network on these pictures, in the cache."""
    return runs.default_run("papers") / f"{name}-{cifake.digest(train)[:8]}"


def measure(
    run: Path,
    test: Split,
    train: Split,
    *,
    progress: Callable[[float], None] | None = None,
) -> None:
    """Put the test scores of a finished run beside its weights, and on its card.

    The card also gets what had to be assumed and how long one picture takes.
    """
    from cifake_core.networks.runtimes.compiled import compile_folder  # noqa: PLC0415 - loads TensorFlow

    network = compile_folder(run)
    scores = score(network, test, train, progress=progress)
    card = replace(
        store.load_card(run),
        assumed=network.spec.assumed,
        milliseconds=latency_milliseconds(network, test.images),
        engine=network.engine,
    )
    store.write_card(run, card)
    keep(scores, run, data_digest=cifake.digest(train, test))


def ship(run: Path, models: Path) -> Path:
    """Put a measured run in `models`; weights that are too large stay behind.

    Nothing is done if these very weights are what `models` has.

    Raises:
        TrainingError: If the run is not finished.
    """
    card = store.load_card(run)
    place = models / card.name
    try:
        if store.load_card(place).model_sha256 == card.model_sha256:
            return place
    except ModelUnavailableError:
        pass  # nothing usable stands there
    large = (run / store.WEIGHTS_FILE).stat().st_size > MAX_SHIPPED
    return runs.promote(run, models, without=(store.WEIGHTS_FILE,) if large else ())


def _is_done(run: Path, config: PaperConfig) -> bool:
    """Say if `run` was trained with `config` to the end and measured."""
    try:
        card = store.load_card(run)
    except ModelUnavailableError:
        return False
    return card.test is not None and card.config == asdict(config)
