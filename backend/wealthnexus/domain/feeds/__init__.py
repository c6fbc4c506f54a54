"""Feeds: what other systems hand us, and how it becomes part of the books.

Owns uploads and import batches; the bundle itself is ``domain.bundle``. Invariants: everything is validated
before anything is written; an import is one transaction; the same bundle again changes nothing; every row
keeps its batch, file and line; what a person corrected is not overwritten by its source. ``feeds.importer``
is imported by its own name: it stands on the ledger, which stands on the rules of the bundle's rows.
"""
