"""Programmes that import nothing of the platform and check it from outside."""
