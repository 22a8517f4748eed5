"""`map`: where the pictures lie for a network, kept beside its weights."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from cifake_core.basics.arrays import Floats
from cifake_core.basics.errors import CifakeError
from cifake_core.basics.registry import lookup
from cifake_core.cli.context import Context
from cifake_core.cli.terminal.data_set import read_both
from cifake_core.cli.terminal.output import print_json, tell
from cifake_core.cli.terminal.parameters import Flag, FromDoor
from cifake_core.cli.terminal.progress import progress_bar
from cifake_core.data import cifake
from cifake_core.evaluation import embedding_map
from cifake_core.evaluation.embedding_map import EmbeddingMap
from cifake_core.networks import NETWORKS, store


def run(
    network: str,
    /,
    *,
    data: Path | None = None,
    json: Flag = False,
    context: FromDoor,
    lay_out: Annotated[
        Callable[[Floats], Floats], Parameter(parse=False)
    ] = embedding_map.lay_out,
) -> None:
    """Lay the pictures out as a network sees them; takes minutes.

    Args:
        network: the network whose map to make; an ensemble has none.
        data: the zip or folder with train/ and test/; by default CIFAKE_DATA, data/ in
            the checkout, or what `data download` got.
        json: one JSON object on the last line.
        context: has the networks.
        lay_out: gives the places on the map.
    """
    members = lookup(NETWORKS, network, kind="network").members
    if members:
        msg = f"{network} has no map of its own; make those of {' and '.join(members)}."
        raise CifakeError(msg)
    store.revision(network, context.models)
    found = _fit(network, cifake.find(data), context, lay_out)
    path = embedding_map.write(found, context.models / network)
    if json:
        print_json(
            {
                "network": network,
                "n": len(found.test),
                "num_training": len(found.train),
                "explained": found.explained,
                "bytes": path.stat().st_size,
                "model_sha256": found.model_sha256,
                "path": str(path),
            }
        )
    else:
        print(
            f"{len(found.test):,} test and {len(found.train):,} training pictures; "
            f"{len(found.axes)} numbers each hold {found.explained:.1%} of the "
            f"variance\n{path} ({path.stat().st_size / 1e6:.1f} MB)"
        )


def _fit(
    name: str, data: Path, context: Context, lay_out: Callable[[Floats], Floats]
) -> EmbeddingMap:
    """Return the map of a network on CIFAKE as published."""
    train, test = read_both(data)
    cifake.check_published(
        data,
        cifake.digest(train, test),
        remedy="Shipped maps are of that alone; name the published set with --data.",
    )
    network = context.pool.network(name)
    features = []
    for split in (test, train):
        with progress_bar(f"Asking the network about {split.name}/") as progress:
            features.append(
                embedding_map.features_of(network, split.images, progress=progress)
            )
    tell("Laying the pictures out; with 120,000 it takes some minutes.")
    return embedding_map.fit(*features, train=train, network=network, lay_out=lay_out)
