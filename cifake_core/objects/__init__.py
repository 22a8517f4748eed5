"""Objects on large pictures: where they are, by a small detector that is fetched."""
