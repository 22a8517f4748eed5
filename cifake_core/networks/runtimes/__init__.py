"""Runtimes: how a trained network's forward pass is computed.

LiteRT from the file that promotion converts and ships, TensorFlow for every network
that has none. Gradients are always TensorFlow's (`networks.runtimes.compiled`).
"""
