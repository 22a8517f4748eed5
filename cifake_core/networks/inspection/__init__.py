"""Layers, kernels and feature maps of trained networks."""
