"""Keeps the processes of one machine running together, and ends all of them together."""
