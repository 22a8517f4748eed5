"""`map`: where the pictures lie for a network, kept beside its weights."""

from argparse import Namespace
from pathlib import Path

from cifake_core.basics.errors import CifakeError, DatasetError
from cifake_core.basics.registry import lookup
from cifake_core.cli.terminal.data_set import read_both
from cifake_core.cli.terminal.output import (
    import_tensorflow,
    print_json,
    share_line,
    tell,
)
from cifake_core.data import cifake
from cifake_core.data.cifake import Split
from cifake_core.evaluation import embedding_map
from cifake_core.networks import NETWORKS, store
from cifake_core.networks.protocols import Probe


def run(options: Namespace) -> int:
    """Ask the network about every picture, and write the map."""
    name = options.network
    members = lookup(NETWORKS, name, kind="network").members
    if members:
        msg = f"{name} has no map of its own; make those of {' and '.join(members)}."
        raise CifakeError(msg)
    store.revision(name, store.MODELS)
    test, train = _load(cifake.find(options.data))
    network = load_network(name)
    features = []
    for split in (test, train):
        with share_line(f"Asking the network about {split.name}/") as progress:
            features.append(
                embedding_map.features_of(network, split.images, progress=progress)
            )
    tell("Laying the pictures out; with 120,000 it takes some minutes.")
    found = embedding_map.fit(*features, train=train, network=network)
    path = embedding_map.write(found, store.MODELS / name)
    figures = {
        "network": name,
        "n": len(found.test),
        "num_training": len(found.train),
        "explained": found.explained,
        "bytes": path.stat().st_size,
        "model_sha256": found.model_sha256,
        "path": str(path),
    }
    if options.json:
        print_json(figures)
    else:
        print(
            f"{figures['n']:,} test and {figures['num_training']:,} training pictures; "
            f"{len(found.axes)} numbers each hold {found.explained:.1%} of the "
            f"variance\n{path} ({path.stat().st_size / 1e6:.1f} MB)"
        )
    return 0


def _load(data: Path) -> tuple[Split, Split]:
    """Return the test and the training pictures, if they are the published ones."""
    train, test = read_both(data)
    digest = cifake.digest(train, test)
    if digest != cifake.PUBLISHED_DIGEST:
        msg = (
            f"{data} is not CIFAKE as published (content digest {digest[:12]}…, "
            f"expected {cifake.PUBLISHED_DIGEST[:12]}…), and shipped maps are of "
            "that alone; name the published set with --data."
        )
        raise DatasetError(msg)
    return test, train


def load_network(name: str) -> Probe:
    """Return the network of models/, ready to answer."""
    import_tensorflow()
    from cifake_core.networks.runtimes.compiled import compile_folder  # noqa: PLC0415 - loads TensorFlow

    return compile_folder(store.MODELS / name)
