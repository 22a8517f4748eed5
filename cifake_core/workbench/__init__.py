"""Workbench: the one application behind the app, the command line and REST."""

from cifake_core.workbench.answer_cache import AnswerCache
from cifake_core.workbench.workbench import Workbench

__all__ = ["AnswerCache", "Workbench"]
