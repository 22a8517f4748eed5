"""Benchmarks that need more than the package: a browser, other engines."""
