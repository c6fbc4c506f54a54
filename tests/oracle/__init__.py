"""Readings of a book that share no code with the product."""
