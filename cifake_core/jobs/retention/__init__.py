"""Retention: how long what is kept stays, said in sentences, and done as it is said.

Each promise stands in one table with the days that it names and what keeps it, so that
*About* cannot promise what the job does not do.
"""
