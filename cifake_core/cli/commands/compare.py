"""`compare`: where one network is right and another wrong, from stored scores."""

from argparse import Namespace
from pathlib import Path

from cifake_core.basics.registry import lookup
from cifake_core.cli.terminal.output import print_json
from cifake_core.evaluation.comparison import (
    Comparison,
    chance_in_words,
    compare,
    comparison_to_json,
)
from cifake_core.evaluation.scores import Scores, read, read_run
from cifake_core.networks import NETWORKS, store


def run(options: Namespace) -> int:
    """Print how two networks differ on the test pictures."""
    a, b = map(_scores, (options.network_a, options.network_b))
    comparison = compare(a, b, leak_free=options.leak_free)
    if options.json:
        print_json(comparison_to_json(comparison))
    else:
        print(_in_words(comparison))
    return 0


def _scores(name: str) -> Scores:
    """Return the test scores of a network or of the run in a folder."""
    if name not in NETWORKS and Path(name).is_dir():
        return read_run(Path(name))
    lookup(NETWORKS, name, kind="finished run or network")
    return read(name, store.MODELS)


def _in_words(comparison: Comparison) -> str:
    """Return the comparison as a few lines and a table."""
    kind = "leak-free test" if comparison.leak_free else "test"
    difference = comparison.difference
    title_a = _title(comparison.network_a, comparison.model_sha256_a)
    title_b = _title(comparison.network_b, comparison.model_sha256_b)
    interval = f"95% interval {difference.low:+.4f} to {difference.high:+.4f}"
    figures = f"statistic {comparison.statistic:.6g}, p {comparison.p_value:.2g}"
    lines = [
        f"A is {title_a}, B is {title_b}, on {comparison.n:,} {kind} pictures",
        f"accuracy of A  {comparison.accuracy_a:.4f}",
        f"accuracy of B  {comparison.accuracy_b:.4f}",
        f"A less B       {difference.value:+.4f}  ({interval})",
        f"both right     {comparison.both_right:,}",
        f"only A right   {comparison.only_a:,}",
        f"only B right   {comparison.only_b:,}",
        f"both wrong     {comparison.both_wrong:,}",
        f"McNemar        {comparison.test}, {figures}",
        chance_in_words(comparison.p_value),
    ]
    if comparison.by_class:
        head = ("pictures", "A", "B", "only A", "only B")
        lines += ["", _row("object class", *head)]
    lines += [
        _row(
            name,
            f"{table.n:,}",
            f"{table.accuracy_a:.4f}",
            f"{table.accuracy_b:.4f}",
            f"{table.only_a:,}",
            f"{table.only_b:,}",
        )
        for name, table in comparison.by_class.items()
    ]
    return "\n".join(lines)


def _title(network: str, model_sha256: str) -> str:
    """Return the name of a network with what tells its weights apart."""
    return f"{NETWORKS[network].title} ({model_sha256[:12]})"


def _row(name: str, *figures: str) -> str:
    """Return one line of the table, its figures under one another."""
    return f"{name:<13}" + "".join(f"{figure:>10}" for figure in figures)
