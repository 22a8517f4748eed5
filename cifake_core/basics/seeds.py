"""Seeds of random draws."""

from typing import Final

#: The largest seed that NumPy's `RandomState` takes.
MAX_SEED: Final = 2**32 - 1
