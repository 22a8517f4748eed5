"""Sources: where a job's pictures lie, listed once and read one at a time."""
