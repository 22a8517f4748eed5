"""Trust in explanations: deletion and insertion, splicing, sanity checks."""
