"""Peak memory that a network takes in a fresh process, beyond what TensorFlow takes.

Run as a module, it is that process.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from cifake_core.basics.errors import ModelUnavailableError
from cifake_core.basics.memory import peak_memory
from cifake_core.basics.places import CHECKOUT

_NUM_PICTURES: Final = 100


def peak_memory_of(folder: Path) -> float | None:
    """Most memory in MB that a fresh process takes to load a network and to answer.

    What it held before, with all modules loaded, is not counted: that is the same for
    every network, and about ten times as much. None where the system does not tell, as
    Windows.

    Args:
        folder: of the network.

    Raises:
        ModelUnavailableError: If the process fails.
    """
    done = subprocess.run(  # noqa: S603 - this Python, with a module of our own
        [sys.executable, "-m", "cifake_core.retraining.peak_memory", folder.resolve()],
        cwd=CHECKOUT,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        msg = f"A fresh process could not load the network in {folder}: {last[0]}"
        raise ModelUnavailableError(msg)
    told = done.stdout.split()
    return float(told[-1]) if told else None


def _answer(folder: Path) -> None:
    """Load the network in a folder, ask it, and print what memory that took."""
    import numpy as np  # noqa: PLC0415 - only in the fresh process

    from cifake_core.networks.runtimes import compiled  # noqa: PLC0415 - likewise

    pictures = np.random.default_rng(0).integers(0, 256, (_NUM_PICTURES, 32, 32, 3))
    before = peak_memory()
    compiled.compile_folder(folder).logits(pictures.astype(np.uint8))
    after = peak_memory()
    if before is not None and after is not None:
        print(after - before)  # noqa: T201 - the process that started this reads it


if __name__ == "__main__":
    _answer(Path(sys.argv[1]))
