"""The explainers and their table; importing it does not load Keras."""

from cifake_core.explain._registry import EXPLAINERS, Explainer

__all__ = ["EXPLAINERS", "Explainer"]
