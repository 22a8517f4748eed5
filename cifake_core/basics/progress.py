"""Progress callbacks of long work."""

from collections.abc import Callable

#: Called with the share of the work that is done, 0 to 1.
ProgressCallback = Callable[[float], object]
