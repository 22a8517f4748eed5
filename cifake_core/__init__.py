"""Tell photographs from AI-generated pictures on CIFAKE, and say why."""

__version__ = "0.1.0"
