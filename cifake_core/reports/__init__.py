"""Reports: the findings on one picture as a file to keep, print or send."""

from cifake_core.reports.page import render_report

__all__ = ["render_report"]
