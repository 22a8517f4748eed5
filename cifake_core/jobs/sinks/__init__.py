"""Sinks: files of rows, as CSV, JSON Lines and Parquet."""
