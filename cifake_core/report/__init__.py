"""What was found about one picture as a file to keep, print or send."""

from cifake_core.report.gather import gather
from cifake_core.report.page import render_report

__all__ = ["gather", "render_report"]
