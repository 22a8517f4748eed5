"""Scripts, by number: each brings the schema before it to its own."""
