"""Measured by hand and by `make bench`; never part of `make test`."""
