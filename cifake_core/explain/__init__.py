"""The explainers and their table; importing it does not load Keras."""

from cifake_core.explain._registry import EXPLAINERS
from cifake_core.explain.explainer import Explainer, Setting

__all__ = ["EXPLAINERS", "Explainer", "Setting"]
