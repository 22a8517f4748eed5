"""Evaluation: scores, metrics, calibration, comparison, robustness."""
