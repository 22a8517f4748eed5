"""Teaching a network a data set of one's own, and the gate before it is used."""
