"""Arrow types of the keys of `predict --json`."""

from typing import Final

import pyarrow as pa

_WORDS: Final = pa.list_(pa.string())
SCOPE: Final = pa.struct(
    {
        "known": _WORDS,
        "unseen_recall": pa.float64(),
        "unseen_recall_ci95": pa.list_(pa.float64()),
        "n_unseen": pa.int64(),
    }
)
#: Keys of the picture, in order.
PICTURE: Final = (
    pa.field("path", pa.string()),
    pa.field("error", pa.string()),
    pa.field("verdict", pa.string()),
    pa.field("reasons", _WORDS),
    pa.field("scope", SCOPE),
)
#: Keys of one network's prediction, in order.
NETWORK: Final = (
    pa.field("label", pa.string()),
    pa.field("p_fake", pa.float64()),
    pa.field("p_real", pa.float64()),
    pa.field("milliseconds", pa.float64()),
    pa.field("knows", _WORDS),
    pa.field("object_class", pa.string()),
    pa.field("object_probability", pa.float64()),
)
#: Keys of a row of `predict --json`, in order.
PREDICTIONS: Final = (*PICTURE, pa.field("network", pa.string()), *NETWORK)
