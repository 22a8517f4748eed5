"""`benchmark`: how fast the product is on this machine."""

from argparse import Namespace

from cifake_core.cli.benchmarking import benchmark
from cifake_core.cli.terminal.output import import_tensorflow, print_json, tell
from cifake_core.networks import store


def run(options: Namespace) -> int:
    """Measure, and print each figure beside its target where it has one."""
    import_tensorflow()
    figures = benchmark.measure(store.MODELS, progress=tell)
    if options.json:
        print_json(figures)
        return 0
    width = max(map(len, figures))
    for name, figure in figures.items():
        text = f"{figure:,.2f}" if isinstance(figure, float) else str(figure)
        print(f"{name:<{width}}  {text}{_target(name)}")
    return 0


def _target(name: str) -> str:
    """Return what a figure is meant to be, or nothing."""
    if name in benchmark.TARGETS:
        return f"  (target: at most {benchmark.TARGETS[name]:g})"
    if name in benchmark.FLOORS:
        return f"  (target: at least {benchmark.FLOORS[name]:g})"
    return ""
