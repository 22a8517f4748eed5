"""The parts of *Beat the model*."""
