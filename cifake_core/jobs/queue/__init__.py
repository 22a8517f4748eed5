"""Jobs queued in the user's database: one row an item, done by the server's worker.

An item's results are written in the transaction in which it is done, by the worker
that holds the job's lease: so no item is done twice, and none is lost.
"""
