"""The parts of *Papers*."""
