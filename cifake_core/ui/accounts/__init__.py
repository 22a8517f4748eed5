"""The door of the pages where there are accounts: log-in, one's own account, gate."""
