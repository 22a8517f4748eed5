"""`reproduce`: the papers' networks, trained and measured one after the other."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from cyclopts import Parameter

from cifake_core.basics.registry import lookup
from cifake_core.cli.terminal.data_set import read_both
from cifake_core.cli.terminal.output import duration, percent, tell, write_file
from cifake_core.cli.terminal.parameters import Epochs, FromDoor
from cifake_core.cli.terminal.progress import TrainingBars, progress_bar
from cifake_core.cli.terminal.tensorflow import import_tensorflow
from cifake_core.data import cifake
from cifake_core.networks import PAPERS, store
from cifake_core.papers import bird_lotfi_search, reproduction
from cifake_core.papers.bird_lotfi_search import Ranking
from cifake_core.papers.bird_lotfi_trial import SearchConfig
from cifake_core.training import run_folder

#: Stands for the search among the networks' names.
_SEARCH: Final = "b-search"


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """What the command sets going: `reproduction.reproduce`, and the search."""

    prepare: Callable[[], None] = import_tensorflow
    reproduce: Callable[..., Path] = reproduction.reproduce
    search: Callable[..., Ranking] = bird_lotfi_search.search


def run(
    names: Annotated[list[str] | None, Parameter(name="NAME")] = None,
    /,
    *,
    data: Path | None = None,
    epochs: Epochs = None,
    context: FromDoor,
    work: Annotated[Work, Parameter(parse=False)] = Work(),
) -> None:
    """Train and measure the papers' networks; takes hours.

    A stopped command, given again, goes on after the last finished epoch.

    Args:
        names: the papers' networks to make, or b-search, the search that Bird &
            Lotfi's network is the best of; all of these by default.
        data: the zip or folder with train/ and test/; by default CIFAKE_DATA, data/ in
            the checkout, or what `data download` got.
        epochs: at most so many times over all pictures, if not as in the recipes.
        context: has the folder of networks.
        work: trains and measures.
    """
    known = (*PAPERS, _SEARCH)
    for name in names or ():
        lookup(dict.fromkeys(known), name, kind="network to reproduce")
    path = cifake.find(data)
    read_both(path)  # what follows takes them from the cache
    work.prepare()
    asked = names or known
    try:
        for number, name in enumerate(asked, start=1):
            title = f"{name} ({number} of {len(asked)})"
            if name == _SEARCH:
                _search(work, path, title, models=context.models)
            else:
                _reproduce(
                    work, name, path, title, epochs=epochs, models=context.models
                )
    except KeyboardInterrupt as stop:
        msg = "Stopped. The same command goes on after the last finished epoch."
        raise KeyboardInterrupt(msg) from stop


def _reproduce(  # noqa: PLR0913 - what, from where, to where, how long
    work: Work, name: str, data: Path, title: str, *, epochs: int | None, models: Path
) -> None:
    """Train and measure one network, and say what came of it."""
    bars = TrainingBars(f"{title}, ")
    try:
        with progress_bar(f"{title}, scoring the test pictures") as scoring:
            folder = work.reproduce(
                name,
                data=data,
                models=models,
                epochs=epochs,
                progress=bars,
                scoring=scoring,
            )
    finally:
        bars.close()
    card = store.load_card(folder)
    if card.test is not None:
        figures = card.test["official"]
        print(
            f"{name}: accuracy {percent(figures.accuracy)}, n = {figures.n:,}, after "
            f"{card.epochs} epochs in {duration(card.seconds)}; {folder}",
            flush=True,
        )
    if not (folder / store.WEIGHTS_FILE).is_file():
        home = run_folder.default_run("papers")
        print(f"  Its weights are too large to ship; they stay in {home}.")


def _search(work: Work, data: Path, title: str, *, models: Path) -> None:
    """Train the networks of Bird & Lotfi's search, and say which is best."""
    train, test = cifake.load(data, "train"), cifake.load(data, "test")
    place = reproduction.run_folder(_SEARCH, train) / bird_lotfi_search.RANKING_FILE
    ranking = work.search(
        data,
        place=place,
        config=SearchConfig(),
        progress=lambda words: tell(f"{title}, {words}"),
    )
    if cifake.digest(train, test) == cifake.PUBLISHED_DIGEST:
        shipped = models / bird_lotfi_search.RANKING_FILE
        write_file(shipped, place.read_bytes())
        place = shipped
    best = ranking.trials[0]
    print(
        f"{_SEARCH}: best of {len(ranking.trials)} is {best.topology}, validation "
        f"accuracy {best.validation_accuracy:.2%} (n = {ranking.num_validation:,}); "
        f"{place}",
        flush=True,
    )
