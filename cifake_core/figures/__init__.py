"""Figures: a record in, a Plotly chart or an RGB array out; nothing is computed."""

from cifake_core.figures.boxes import boxed
from cifake_core.figures.clickable import marked
from cifake_core.figures.confusion import agreement_figure, matrix_figure
from cifake_core.figures.data import rings_figure, spectrum_figure, spread_figure
from cifake_core.figures.embedding_map import Pin, map_figure
from cifake_core.figures.evaluation import (
    history_figure,
    object_confusion_figure,
    reliability_figure,
    risk_figure,
    roc_figure,
)
from cifake_core.figures.game import players_figure
from cifake_core.figures.generator_spectra import spectrum_gap_figure
from cifake_core.figures.generators import (
    Leaf,
    found_figure,
    study_figure,
    tree_figure,
)
from cifake_core.figures.guard import guard_figure
from cifake_core.figures.heat_map_sheet import map_picture, sheet
from cifake_core.figures.heat_maps import (
    colorbar,
    colorize,
    data_uri,
    emphasize,
    enlarge,
    fit,
    framed,
    laid_over,
    overlay,
    png_bytes,
)
from cifake_core.figures.inspection import (
    channel_weights_figure,
    line_figure,
    montage,
    outlined,
)
from cifake_core.figures.papers import cost_figure, learning_figure, search_figure
from cifake_core.figures.robustness import robustness_figure
from cifake_core.figures.scores import curves_figure, histogram_figure, scatter_figure
from cifake_core.figures.squares import Square, squares_figure
from cifake_core.figures.style import LABEL_COLORS, TEXT_SCALE
from cifake_core.figures.trust import channels_figure, trust_figure

__all__ = [
    "LABEL_COLORS",
    "TEXT_SCALE",
    "Leaf",
    "Pin",
    "Square",
    "agreement_figure",
    "boxed",
    "channel_weights_figure",
    "channels_figure",
    "colorbar",
    "colorize",
    "cost_figure",
    "curves_figure",
    "data_uri",
    "emphasize",
    "enlarge",
    "fit",
    "found_figure",
    "framed",
    "guard_figure",
    "histogram_figure",
    "history_figure",
    "laid_over",
    "learning_figure",
    "line_figure",
    "map_figure",
    "map_picture",
    "marked",
    "matrix_figure",
    "montage",
    "object_confusion_figure",
    "outlined",
    "overlay",
    "players_figure",
    "png_bytes",
    "reliability_figure",
    "rings_figure",
    "risk_figure",
    "robustness_figure",
    "roc_figure",
    "scatter_figure",
    "search_figure",
    "sheet",
    "spectrum_figure",
    "spectrum_gap_figure",
    "spread_figure",
    "squares_figure",
    "study_figure",
    "tree_figure",
    "trust_figure",
]
