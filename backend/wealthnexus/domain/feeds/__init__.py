"""Feeds: what other systems hand us, and how it becomes part of the books.

Owns uploads, import batches and the bundle (``feeds.bundle``, pure). Invariants: everything is validated
before anything is written; an import is one transaction; the same bundle again changes nothing; every row
keeps its batch, file and line; what a person corrected is not overwritten by its source. ``feeds.importer``
is imported by its own name, because it stands on the ledger, which stands on the bundle's rules.
"""
