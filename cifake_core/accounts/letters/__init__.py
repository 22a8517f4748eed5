"""Letters with one-time links, where there is a server that sends mail."""
