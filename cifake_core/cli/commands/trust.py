"""`trust`: how far each method is to be trusted, measured on many pictures."""

from argparse import Namespace

from cifake_core.cli.terminal.data_set import home_of, read_both
from cifake_core.cli.terminal.output import (
    duration,
    import_tensorflow,
    print_json,
    share_line,
    tell,
)
from cifake_core.data import cifake
from cifake_core.data.cifake import Split
from cifake_core.explain import EXPLAINERS
from cifake_core.explain.replacements import PIXEL_REPLACEMENTS
from cifake_core.networks import NETWORKS, OWN, store
from cifake_core.trust import table as trust_table
from cifake_core.trust.study import notebook_of, study
from cifake_core.trust.summary import tabulate
from cifake_core.trust.table import TrustTable
from cifake_core.trust.trials import StudyConfig, Subjects
from cifake_core.verdicts.judge import Judge

_INTERRUPTED = 130


def run(options: Namespace) -> int:
    """Try every method on our own networks, and write the table."""
    for name in OWN:
        store.revision(name, store.MODELS)
    train, test = read_both(cifake.find(options.data))
    config = StudyConfig()
    subjects = load_subjects(test, train, seed=config.seed)
    notebook = notebook_of(subjects, config)
    if "pictures" in notebook:
        tell("Going on where the last run was stopped.")
    try:
        with share_line("Trying every method") as progress:
            rows = study(subjects, config, notebook=notebook, progress=progress)
    except KeyboardInterrupt:
        tell("Stopped. The same command goes on where it was.")
        return _INTERRUPTED
    table = tabulate(rows, subjects, config)
    path = trust_table.write(table, home_of("trust", data_digest=table.data_digest))
    notebook.clear()
    if options.json:
        print_json({"path": str(path), **_record(table)})
    else:
        print(f"{_in_words(table)}\n{path}")
    return 0


def load_subjects(test: Split, train: Split, *, seed: int) -> Subjects:
    """Return our own networks, and the pictures to try them on."""
    import_tensorflow()
    from cifake_core.trust.randomization import Cascade  # noqa: PLC0415 - loads TensorFlow

    judge = Judge(store.MODELS)
    networks = {name: judge.network(name) for name in OWN}
    parts = [part.name for network in networks.values() for part in network.parts]
    return Subjects(
        networks=networks,
        cascades={
            name: Cascade(store.MODELS / name, seed=seed)
            for name in dict.fromkeys(parts)
        },
        test=test,
        train=train,
    )


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
    """Return what a program needs to know of each method for one network."""
    patches, forgetting = table.patches(network), table.forgetting(network)
    figures: dict[str, dict[str, object]] = {}
    for method, row in table.scores(network).items():
        patch, last = patches[method], forgetting[method].correlations[-1]
        estimates = {
            "score": row.score,
            **{
                f"score_{name}": table.scores(network, replacement=name)[method].score
                for name in PIXEL_REPLACEMENTS
            },
            "spread": row.spread,
            "deletion_auc": row.deletion_auc,
            "insertion_auc": row.insertion_auc,
            "random_deletion_auc": row.random_deletion_auc,
            "random_insertion_auc": row.random_insertion_auc,
            "beaten": row.beaten,
            "faithful": row.faithful,
            "splice_share": patch.share,
            "splice_maximum_inside": patch.maximum_inside,
            "correlation_after_forgetting": last,
        }
        figures[method] = {"splice_area": patch.area}
        for name, estimate in estimates.items():
            figures[method][name] = estimate.value
            figures[method][f"{name}_ci95"] = [estimate.low, estimate.high]
    return figures


def _in_words(table: TrustTable) -> str:
    """Return a table of the methods for each network."""
    seed, num_splices = table.settings["seed"], table.settings["num_splices"]
    asked = f"{len(table.positions)} pictures ({table.num_errors} errors)"
    lines = [
        f"{asked}, {num_splices} patches, seed {seed}, {duration(table.seconds)}",
        "score: area between the curves of a map and of maps in random places",
        "spread: standard deviation of the score over maps in random places",
        "beats: share of random maps that are worse; by chance 0.50",
        "faithful: share of pictures whose map is called so",
        "patch: share of the evidence on a pasted patch; area: the patch's own",
        "after: rank correlation with the map after the network forgot everything",
    ]
    head = (
        "score",
        "95% interval",
        "spread",
        "beats",
        "faithful",
        "patch",
        "area",
        "after",
    )
    for network, sha256 in table.model_sha256.items():
        best = EXPLAINERS[table.best_method(network)].title
        lines += ["", f"{NETWORKS[network].title} ({sha256[:12]}): best is {best}"]
        lines.append(_row("", *head))
        patches, forgetting = table.patches(network), table.forgetting(network)
        for method, row in table.scores(network).items():
            score, patch = row.score, patches[method]
            last = forgetting[method].correlations[-1]
            lines.append(
                _row(
                    EXPLAINERS[method].title,
                    f"{score.value:+.3f}",
                    f"{score.low:+.3f} to {score.high:+.3f}",
                    f"{row.spread.value:.2f}",
                    f"{row.beaten.value:.2f}",
                    f"{row.faithful.value:.2f}",
                    f"{patch.share.value:.3f}",
                    f"{patch.area:.3f}",
                    f"{last.value:+.2f}",
                )
            )
    return "\n".join(lines)


def _row(name: str, *figures: str) -> str:
    """Return one line of the table, its figures under one another."""
    widths = (7, 17, 7, 6, 9, 6, 6, 6)
    columns = zip(figures, widths, strict=True)
    return f"{name:<21}" + "".join(f"{figure:>{width}}" for figure, width in columns)
