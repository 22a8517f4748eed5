"""`trust`: how far each method is to be trusted, measured on many pictures."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Final

from cyclopts import Parameter

from cifake_core.cli.context import Context
from cifake_core.cli.terminal.data_set import findings_folder, read_both
from cifake_core.cli.terminal.output import (
    duration,
    print_json,
    print_pairs,
    print_table,
    tell,
)
from cifake_core.cli.terminal.parameters import Flag, FromDoor
from cifake_core.cli.terminal.progress import progress_bar
from cifake_core.data import cifake
from cifake_core.data.cifake import Split
from cifake_core.evaluation.metrics import with_ci95
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.replacements import PIXEL_REPLACEMENTS
from cifake_core.networks import NETWORKS, OWN, store
from cifake_core.trust import table as trust_table
from cifake_core.trust.study import notebook_of, study
from cifake_core.trust.summary import tabulate
from cifake_core.trust.table import TrustTable
from cifake_core.trust.trials import StudyConfig, Subjects

_CONFIG: Final = StudyConfig()
_MEANINGS: Final = {
    "score": "area between the curves of a map and of maps in random places",
    "spread": "standard deviation of the score over maps in random places",
    "beats": "share of random maps that are worse; by chance 0.50",
    "faithful": "share of pictures whose map is called so",
    "patch": "share of the evidence on a pasted patch",
    "area": "the patch's own share of the picture",
    "after": "rank correlation with the map after the network forgot everything",
}


def load_subjects(context: Context, train: Split, test: Split, seed: int) -> Subjects:
    """Return our own networks, and the pictures to try them on.

    Args:
        context: has the networks.
        train: has the pictures of patches.
        test: has the pictures that are explained.
        seed: draws what stands in place of what the networks forget.
    """
    networks = {name: context.pool.network(name) for name in OWN}
    from cifake_core.trust.randomization import Cascade  # noqa: PLC0415 - loads Keras

    parts = [part.name for network in networks.values() for part in network.parts]
    return Subjects(
        networks=networks,
        cascades={
            name: Cascade(context.models / name, seed=seed)
            for name in dict.fromkeys(parts)
        },
        test=test,
        train=train,
    )


def run(
    *,
    data: Path | None = None,
    json: Flag = False,
    context: FromDoor,
    config: Annotated[StudyConfig, Parameter(parse=False)] = _CONFIG,
    load: Annotated[
        Callable[[Context, Split, Split, int], Subjects], Parameter(parse=False)
    ] = load_subjects,
) -> None:
    """Measure how far each method's maps can be trusted; takes an hour.

    A stopped command, given again, goes on where it was.

    Args:
        data: the zip or folder with train/ and test/; by default CIFAKE_DATA, data/ in
            the checkout, or what `data download` got.
        json: one JSON object on the last line.
        context: has the networks.
        config: how much is tried.
        load: makes what is studied.
    """
    for name in OWN:
        store.revision(name, context.models)
    train, test = read_both(cifake.find(data))
    subjects = load(context, train, test, config.seed)
    notebook = notebook_of(subjects, config)
    if "pictures" in notebook:
        tell("Going on where the last run was stopped.")
    try:
        with progress_bar("Trying every method") as progress:
            rows = study(subjects, config, notebook=notebook, progress=progress)
    except KeyboardInterrupt as stop:
        msg = "Stopped. The same command goes on where it was."
        raise KeyboardInterrupt(msg) from stop
    table = tabulate(rows, subjects, config)
    folder = findings_folder("trust", context.models, data_digest=table.data_digest)
    path = trust_table.write(table, folder)
    notebook.clear()
    if json:
        print_json({"path": str(path), **_record(table)})
    else:
        _show(table)
        print(path)


def _record(table: TrustTable) -> dict[str, object]:
    """Return the winners, and every method's figures, for a program."""
    return {
        "n": len(table.positions),
        "num_errors": table.num_errors,
        "num_splices": table.settings["num_splices"],
        "seconds": table.seconds,
        "networks": [
            {
                "network": name,
                "model_sha256": sha256,
                "best_method": table.best_method(name),
                "methods": _figures(table, name),
            }
            for name, sha256 in table.model_sha256.items()
        ],
    }


def _figures(table: TrustTable, network: str) -> dict[str, dict[str, object]]:
    """Return the JSON values of each method for one network."""
    patches, forgetting = table.patches(network), table.forgetting(network)
    by_replacement = {
        f"score_{name}": table.scores(network, replacement=name)
        for name in PIXEL_REPLACEMENTS
    }
    figures: dict[str, dict[str, object]] = {}
    for method, row in table.scores(network).items():
        patch = patches[method]
        estimates = {
            "score": row.score,
            **{name: rows[method].score for name, rows in by_replacement.items()},
            "spread": row.spread,
            "deletion_auc": row.deletion_auc,
            "insertion_auc": row.insertion_auc,
            "random_deletion_auc": row.random_deletion_auc,
            "random_insertion_auc": row.random_insertion_auc,
            "beaten": row.beaten,
            "faithful": row.faithful,
            "splice_share": patch.share,
            "splice_maximum_inside": patch.maximum_inside,
            "correlation_after_forgetting": forgetting[method].correlations[-1],
        }
        figures[method] = {"splice_area": patch.area}
        for name, estimate in estimates.items():
            figures[method] |= with_ci95(name, estimate)
    return figures


def _show(table: TrustTable) -> None:
    """Print a table of the methods for each network, after what its columns mean."""
    seed, num_splices = table.settings["seed"], table.settings["num_splices"]
    asked = f"{len(table.positions)} pictures ({table.num_errors} errors)"
    print(f"{asked}, {num_splices} patches, seed {seed}, {duration(table.seconds)}")
    print_pairs(_MEANINGS)
    for network, sha256 in table.model_sha256.items():
        best = EXPLAINERS[table.best_method(network)].title
        print(f"\n{NETWORKS[network].title} ({sha256[:12]}): best is {best}")
        print_table(("method", "95% interval", *_MEANINGS), _rows(table, network))


def _rows(table: TrustTable, network: str) -> Iterator[tuple[str, ...]]:
    """Yield the line of each method."""
    patches, forgetting = table.patches(network), table.forgetting(network)
    for method, row in table.scores(network).items():
        score, patch = row.score, patches[method]
        yield (
            EXPLAINERS[method].title,
            f"{score.low:+.3f} to {score.high:+.3f}",
            f"{score.value:+.3f}",
            f"{row.spread.value:.2f}",
            f"{row.beaten.value:.2f}",
            f"{row.faithful.value:.2f}",
            f"{patch.share.value:.3f}",
            f"{patch.area:.3f}",
            f"{forgetting[method].correlations[-1].value:+.2f}",
        )
