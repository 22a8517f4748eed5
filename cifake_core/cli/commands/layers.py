"""`layers`: the table of the papers' layers, kept where the pages find it."""

from cifake_core.cli.terminal.output import print_table
from cifake_core.cli.terminal.parameters import FromDoor
from cifake_core.cli.terminal.tensorflow import import_tensorflow
from cifake_core.networks.inspection import layer_summary


def run(*, context: FromDoor) -> None:
    """Write down the layers of the papers' networks.

    Args:
        context: has the folder where the table goes.
    """
    import_tensorflow()
    place = layer_summary.write(context.models)
    print_table(
        ("network", "layers", "parameters", "multiply-adds a picture"),
        [
            (
                name,
                f"{len(rows):,}",
                f"{sum(row.parameters for row in rows):,}",
                f"{sum(row.multiply_adds for row in rows):,}",
            )
            for name, rows in layer_summary.read(context.models).items()
        ],
    )
    print(place)
