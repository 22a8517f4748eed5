"""Commands: a module each; the docstring of `run`, however long, is its help."""
