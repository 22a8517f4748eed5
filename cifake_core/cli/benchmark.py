"""`benchmark`: how fast the product is on this machine."""

from argparse import Namespace

from cifake_core import benchmark
from cifake_core.cli.output import import_tensorflow, print_json, tell
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
        target = benchmark.TARGETS.get(name)
        limit = f"  (target: at most {target:g})" if target is not None else ""
        print(f"{name:<{width}}  {text}{limit}")
    return 0
