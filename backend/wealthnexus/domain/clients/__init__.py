"""Clients: parties, households, accounts with their sleeves and owners, books, and finding them by name.

Invariants: membership of a household is many-to-many, effective-dated and known-dated, and grants nothing by
itself; account numbers are stored encrypted, found by a keyed hash, shown by their last four characters; an
account has one default sleeve; figures over several accounts only sum what the caller may see. Reads are in
``repository``, writes in ``service``.
"""
