"""Memory of this process."""

from pathlib import Path
from typing import Final

_STATUS: Final = Path("/proc/self/status")


def peak_memory() -> float | None:
    """Most memory in MB that this process held since it began; None on Windows."""
    if _STATUS.is_file():  # Linux: `resource` has the parent's there, if that is more
        lines = dict(line.split(":", 1) for line in _STATUS.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) * 1024 / 1e6
    try:
        import resource  # noqa: PLC0415 - POSIX only
    except ImportError:
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # bytes on macOS
