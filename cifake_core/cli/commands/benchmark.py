"""`benchmark`: how fast the product is on this machine."""

from collections.abc import Mapping
from typing import Annotated

from cyclopts import Parameter

from cifake_core.cli.benchmarking.benchmark import BASELINES, TIMING, measure
from cifake_core.cli.benchmarking.comparison import Baselines
from cifake_core.cli.benchmarking.machine import Figure
from cifake_core.cli.benchmarking.targets import target_in_words
from cifake_core.cli.benchmarking.timing import Timing
from cifake_core.cli.terminal.output import print_json, print_table, tell
from cifake_core.cli.terminal.parameters import Flag, FromDoor


def run(
    *,
    json: Flag = False,
    context: FromDoor,
    timing: Annotated[Timing, Parameter(parse=False)] = TIMING,
    baselines: Annotated[Baselines, Parameter(parse=False)] = BASELINES,
) -> None:
    """Measure speed and memory; takes minutes.

    Args:
        json: one JSON object on the last line.
        context: has the networks.
        timing: how often what is repeated, and by which clock.
        baselines: what the product is measured against.
    """
    figures = measure(context.pool, timing=timing, baselines=baselines, progress=tell)
    if json:
        print_json(figures)
    else:
        show(figures)


def show(figures: Mapping[str, Figure]) -> None:
    """Print each figure beside its target."""
    print_table(
        ("figure", "measured", "target"),
        [
            (
                name,
                f"{figure:,.2f}" if isinstance(figure, float) else str(figure),
                target_in_words(name),
            )
            for name, figure in figures.items()
        ],
    )
