"""Targets of the benchmark, by the names of its figures."""

from collections.abc import Mapping
from typing import Final

#: What the figures are meant to stay within on two cores.
TARGETS: Final[Mapping[str, float]] = {
    "verdict_channels_gradcams_ms": 30,
    "cnn_cams_ms": 10,
    "cnn3d_cams_ms": 10,
    "cnn_lime_1000_s": 1.2,
    "cnn_lime_ratio": 1.4,
    "cnn3d_lime_ratio": 1.4,
    "ensemble_lime_ratio": 1.4,
    "cnn_variants_ms": 80,
    "cnn3d_variants_ms": 80,
    "ensemble_variants_ms": 80,
    "cnn3d_channels_ratio": 1.3,
    "explain_page_s": 1.5,
    "filter_20000_pictures_s": 6,
    "start_to_first_verdict_s": 15,
}
#: How many times faster than the baseline the product is meant to be.
FLOORS: Final[Mapping[str, float]] = {
    "cnn_stock_lime_ratio": 10,
    "cnn3d_stock_lime_ratio": 10,
    "ensemble_stock_lime_ratio": 10,
    "cnn_tensorflow_ratio": 1,
    "cnn3d_tensorflow_ratio": 1,
    "ensemble_tensorflow_ratio": 1,
    "cnn_train_ratio": 1,
    "cnn3d_train_ratio": 1,
}


def target_in_words(figure: str) -> str:
    """Return the target of a figure in words; empty if it has none."""
    if figure in TARGETS:
        return f"at most {TARGETS[figure]:g}"
    if figure in FLOORS:
        return f"at least {FLOORS[figure]:g}"
    return ""
