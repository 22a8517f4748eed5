"""The terminal: arguments, progress, tables."""
