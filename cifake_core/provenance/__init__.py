"""Provenance: what a picture's file itself says of its origin, and how strong it is.

Nothing here changes a verdict, and nothing is fetched because a file says so.
"""
