"""The parts of *Attention*."""
