"""Machine of a benchmark: system, versions, and the memory that was taken."""

import os
import platform
import sys
from importlib.metadata import version
from typing import Final, TypeAlias

Figure: TypeAlias = float | int | str

_PACKAGES: Final = ("tensorflow", "keras", "ai-edge-litert", "numpy", "opencv-python")


def machine() -> dict[str, Figure]:
    """Return the machine that the figures are measured on."""
    versions = {f"{name}_version": version(name) for name in _PACKAGES}
    return {
        "system": platform.platform(),
        "num_cpus": os.cpu_count() or 1,
        "python_version": platform.python_version(),
        **versions,
    }


def peak_memory() -> dict[str, Figure]:
    """Return the most memory that this process held; Windows does not tell it."""
    try:
        import resource  # noqa: PLC0415 - POSIX only
    except ImportError:
        return {}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes elsewhere
    return {"peak_memory_mb": peak * unit / 1e6}
