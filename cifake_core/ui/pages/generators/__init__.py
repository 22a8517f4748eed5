"""The parts of *Generators*."""
