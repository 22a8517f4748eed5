"""Vocabulary and tools of every room: labels, arrays, errors, files."""
