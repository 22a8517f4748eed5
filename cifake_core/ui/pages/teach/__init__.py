"""The parts of *Teach*."""
