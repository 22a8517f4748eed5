"""What commands on accounts have in common."""
