"""Engines: who does the shards of a scan, on this machine or many."""
