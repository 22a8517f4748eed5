"""Promotes and rolls back for ever, until it is killed: for `test_kills`."""

import sys
from pathlib import Path

from cifake_core.versions.registry import VersionRegistry
from tests.made_versions import ANN, teach

if __name__ == "__main__":
    registry = VersionRegistry(Path(sys.argv[1]), Path(sys.argv[2]))
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    while True:
        if registry.in_use().number == 1:
            registry.promote(2, why="forth", by=ANN)
        else:
            registry.rollback("cnn", why="back", by=ANN)
        registry.remove(teach(registry, registry.in_use().number).number, by=ANN)
