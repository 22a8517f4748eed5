"""`reproduce`: the papers' networks, trained and measured one after the other."""

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cifake_core.basics.registry import lookup
from cifake_core.cli.commands.train import in_words
from cifake_core.cli.terminal.data_set import read_both
from cifake_core.cli.terminal.output import (
    ProgressLine,
    duration,
    import_tensorflow,
    tell,
    write_file,
)
from cifake_core.data import cifake
from cifake_core.networks import PAPERS, store
from cifake_core.papers import bird_lotfi_search, reproduction
from cifake_core.training import run_folder

#: Stands for the search among the networks' names.
_SEARCH = "b-search"
_INTERRUPTED = 130


def run(options: Namespace) -> int:
    """Reproduce the networks named, or all of them and the search."""
    known = (*PAPERS, _SEARCH)
    for name in options.names:
        lookup(dict.fromkeys(known), name, kind="network to reproduce")
    data = cifake.find(options.data)
    read_both(data)  # what follows takes them from the cache
    import_tensorflow()
    names = options.names or known
    try:
        for number, name in enumerate(names, start=1):
            place = f"{name} ({number} of {len(names)})"
            if name == _SEARCH:
                _search(data, place)
            else:
                _reproduce(name, data, place, epochs=options.epochs)
    except KeyboardInterrupt:
        tell("Stopped. The same command goes on after the last finished epoch.")
        return _INTERRUPTED
    return 0


def _reproduce(name: str, data: Path, title: str, *, epochs: int | None) -> None:
    """Train and measure one network, and say what came of it."""
    with _line() as line:
        folder = reproduction.reproduce(
            name,
            data=data,
            models=store.MODELS,
            epochs=epochs,
            progress=lambda state: line.show(
                f"{title}: {in_words(state)} at most",
                keep=state.batch == state.num_batches,
            ),
            scoring=lambda share: line.show(
                f"{title}: scoring the test pictures, {share:.0%}"
            ),
        )
    card = store.load_card(folder)
    figures = card["test"]["official"]
    low, high = figures["accuracy_ci95"]
    print(
        f"{name}: accuracy {figures['accuracy']:.2%} (95% interval {low:.2%} to "
        f"{high:.2%}, n = {figures['n']:,}) after {card['epochs']} epochs in "
        f"{duration(card['seconds'])}; {folder}",
        flush=True,
    )
    if not (folder / store.WEIGHTS_FILE).is_file():
        home = run_folder.default_run("papers")
        print(f"  Its weights are too large to ship; they stay in {home}.")


def _search(data: Path, title: str) -> None:
    """Train the networks of Bird & Lotfi's search, and say which is best."""
    train, test = cifake.load(data, "train"), cifake.load(data, "test")
    place = reproduction.run_folder(_SEARCH, train) / bird_lotfi_search.RANKING_FILE
    with _line() as line:
        ranking = bird_lotfi_search.search(
            data,
            place=place,
            config=bird_lotfi_search.SearchConfig(),
            progress=lambda words: line.show(f"{title}, {words}", keep=True),
        )
    if cifake.digest(train, test) == cifake.PUBLISHED_DIGEST:
        shipped = store.MODELS / bird_lotfi_search.RANKING_FILE
        write_file(shipped, place.read_bytes())
        place = shipped
    best = ranking.trials[0]
    print(
        f"{_SEARCH}: best of {len(ranking.trials)} is {best.topology}, validation "
        f"accuracy {best.validation_accuracy:.2%} (n = {ranking.num_validation:,}); "
        f"{place}",
        flush=True,
    )


@contextmanager
def _line() -> Iterator[ProgressLine]:
    """Give a progress line, and leave it whatever happens."""
    line = ProgressLine()
    try:
        yield line
    finally:
        line.close()
