"""Verdicts: the decision rule, its card, and the judge that applies it."""
