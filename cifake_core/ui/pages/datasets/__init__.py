"""The parts of *Data sets*."""
