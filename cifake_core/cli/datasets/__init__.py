"""The commands on data sets of one's own."""
