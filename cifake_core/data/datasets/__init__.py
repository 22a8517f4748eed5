"""Data sets of one's own: checked when they are added, indexed, split by hash."""
