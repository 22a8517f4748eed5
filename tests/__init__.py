"""Tests, and what developers measure with; tf-explain brings a `tests`, too."""
