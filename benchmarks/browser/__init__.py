"""Benchmark of the app in a browser: first visits, warm visits, clicks, memory."""
