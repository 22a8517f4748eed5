"""A record in, a Plotly figure or an RGB array out; nothing is computed here."""

from cifake_core.figures.charts import (
    LABEL_COLORS,
    confusion_figure,
    history_figure,
    object_confusion_figure,
    reliability_figure,
    roc_figure,
)
from cifake_core.figures.maps import (
    colorbar,
    colorize,
    emphasize,
    enlarge,
    overlay,
    png_bytes,
)

__all__ = [
    "LABEL_COLORS",
    "colorbar",
    "colorize",
    "confusion_figure",
    "emphasize",
    "enlarge",
    "history_figure",
    "object_confusion_figure",
    "overlay",
    "png_bytes",
    "reliability_figure",
    "roc_figure",
]
