"""The benchmark of speed and memory."""
