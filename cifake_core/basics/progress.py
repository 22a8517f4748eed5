"""Progress callbacks of long work."""

from collections.abc import Callable

#: Called with the share of the work that is done, 0 to 1.
ProgressCallback = Callable[[float], object]


def tell_nobody(share: float) -> None:
    """Let the work go on without telling anybody."""
    del share


def part_of(progress: ProgressCallback, start: float, end: float) -> ProgressCallback:
    """Callback for a part of the work: from the share `start` to the share `end`."""
    return lambda share: progress(start + share * (end - start))
