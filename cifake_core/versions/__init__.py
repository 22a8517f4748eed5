"""Model registry: numbered versions of the networks, one of them in use."""
