"""`layers`: the table of the papers' layers, kept where the pages find it."""

from argparse import Namespace

from cifake_core.cli.terminal.output import import_tensorflow
from cifake_core.networks import store
from cifake_core.networks.inspection import layer_summary


def run(_options: Namespace) -> int:
    """Build the papers' networks, write the table, and say what each costs."""
    import_tensorflow()
    place = layer_summary.write(store.MODELS)
    for name, rows in layer_summary.read(store.MODELS).items():
        parameters = sum(row.parameters for row in rows)
        multiply_adds = sum(row.multiply_adds for row in rows)
        print(
            f"{name}: {len(rows)} layers, {parameters:,} parameters, "
            f"{multiply_adds:,} multiply-adds a picture"
        )
    print(place)
    return 0
