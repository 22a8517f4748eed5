"""Accounts: who may do what, by password, session or key, and who did what."""
