"""Generators of our own: small networks that draw pictures, and their training.

`catalogue` lists them without a network library; `service` is what commands and pages
ask. Everything else is theirs.
"""
