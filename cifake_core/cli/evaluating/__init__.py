"""What `evaluate` measures a network on, one module each."""
