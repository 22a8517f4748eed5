"""Explanations of predictions; importing this does not load Keras."""

from cifake_core.explain.explainer import Explainer, Setting
from cifake_core.explain.registry import EXPLAINERS

__all__ = ["EXPLAINERS", "Explainer", "Setting"]
