"""Browsing test pictures: filters, addresses, galleries."""
