"""`compare`: where one network is right and another wrong, from stored scores."""

from pathlib import Path

from cifake_core.basics.registry import lookup
from cifake_core.cli.context import Context
from cifake_core.cli.terminal.output import print_json, print_pairs, print_table
from cifake_core.cli.terminal.parameters import Flag, FromDoor
from cifake_core.evaluation.comparison import (
    Comparison,
    chance_in_words,
    compare,
    comparison_to_json,
)
from cifake_core.evaluation.scores import Scores, read_run
from cifake_core.networks import NETWORKS


def run(
    a: str, b: str, /, *, leak_free: Flag = False, json: Flag = False, context: FromDoor
) -> None:
    """Say where two networks differ, and whether by chance.

    Args:
        a: cnn, cnn3d, cnn_multi, ensemble, a paper's network, or the folder of a
            finished run, with stored scores.
        b: likewise.
        leak_free: leave out test pictures that stand in train/ or stand twice.
        json: one JSON object on the last line.
        context: has the networks.
    """
    scores_a, scores_b = (_scores(name, context) for name in (a, b))
    comparison = compare(scores_a, scores_b, leak_free=leak_free)
    if json:
        print_json(comparison_to_json(comparison))
    else:
        _show(comparison)


def _scores(name: str, context: Context) -> Scores:
    """Return the test scores of a network or of the run in a folder."""
    if name not in NETWORKS and Path(name).is_dir():
        return read_run(Path(name))
    lookup(NETWORKS, name, kind="finished run or network")
    return context.workbench.evaluation.scores(name)


def _show(comparison: Comparison) -> None:
    """Print the comparison as a few lines and a table."""
    kind = "leak-free test" if comparison.leak_free else "test"
    difference = comparison.difference
    title_a = _title(comparison.network_a, comparison.model_sha256_a)
    title_b = _title(comparison.network_b, comparison.model_sha256_b)
    print(f"A is {title_a}, B is {title_b}, on {comparison.n:,} {kind} pictures")
    interval = f"95% interval {difference.low:+.4f} to {difference.high:+.4f}"
    figures = f"statistic {comparison.statistic:.6g}, p {comparison.p_value:.2g}"
    print_pairs(
        {
            "accuracy of A": f"{comparison.accuracy_a:.4f}",
            "accuracy of B": f"{comparison.accuracy_b:.4f}",
            "A less B": f"{difference.value:+.4f}  ({interval})",
            "both right": f"{comparison.both_right:,}",
            "only A right": f"{comparison.only_a:,}",
            "only B right": f"{comparison.only_b:,}",
            "both wrong": f"{comparison.both_wrong:,}",
            "McNemar": f"{comparison.test}, {figures}",
        }
    )
    print(chance_in_words(comparison.p_value))
    if comparison.by_class:
        print()
        _show_classes(comparison)


def _show_classes(comparison: Comparison) -> None:
    """Print how the networks differ on the pictures of each object class."""
    print_table(
        ("object class", "pictures", "A", "B", "only A", "only B"),
        [
            (
                name,
                f"{cells.n:,}",
                f"{cells.accuracy_a:.4f}",
                f"{cells.accuracy_b:.4f}",
                f"{cells.only_a:,}",
                f"{cells.only_b:,}",
            )
            for name, cells in comparison.by_class.items()
        ],
    )


def _title(network: str, model_sha256: str) -> str:
    """Return the name of a network with what tells its weights apart."""
    return f"{NETWORKS[network].title} ({model_sha256[:12]})"
