"""Scans of millions: a manifest in shards, a file for each shard that is done."""
