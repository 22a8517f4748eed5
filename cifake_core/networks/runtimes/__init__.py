"""Forward passes and gradients of trained networks."""
